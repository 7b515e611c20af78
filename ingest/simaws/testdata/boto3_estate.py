"""Asks a simulated estate through boto3 and prints what came, as one JSON object.

Usage: boto3_estate.py URL START END, the window of the logs in epoch seconds.
"""

import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

url, start, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def client(name, **keys):
    return boto3.client(name, endpoint_url=url, region_name="us-east-1", **keys)


def code_of(call, **parameters):
    try:
        call(**parameters)
    except ClientError as e:
        return e.response["Error"]["Code"]
    return ""


sagemaker, logs, quotas = client("sagemaker"), client("logs"), client("service-quotas")
group = "/aws/sagemaker/Endpoints/estate-000"
job = sagemaker.describe_training_job(TrainingJobName="estate-training")
out = {
    "Training": "%s %d" % (job["ResourceConfig"]["InstanceType"], (job["TrainingEndTime"] - job["TrainingStartTime"]).total_seconds()),
    "Component": sagemaker.describe_inference_component(InferenceComponentName="estate-component")["EndpointName"],
    "NoJob": code_of(sagemaker.describe_training_job, TrainingJobName="gone"),
    "NoGroup": code_of(sagemaker.describe_feature_group, FeatureGroupName="gone"),
    "Refused": code_of(logs.filter_log_events, logGroupName=group),
    "Quota": quotas.get_service_quota(ServiceCode="monitoring", QuotaCode="L-5E141212")["Quota"]["Value"],
}
query = logs.start_query(logGroupName=group, startTime=start, endTime=end, queryString="fields @timestamp, @message, @logStream | sort @timestamp asc")
while True:
    answer = logs.get_query_results(queryId=query["queryId"])
    if answer["status"] not in ("Scheduled", "Running"):
        break
    time.sleep(0.01)
out["Rows"] = len(answer["results"])
out["First"] = answer["results"][0][0]["value"]

chain = client("sts")
for role in ("hub", "reader"):
    keys = chain.assume_role(RoleArn="arn:aws:iam::123456789012:role/" + role, RoleSessionName="probe", ExternalId="tenant-7")["Credentials"]
    chain = client(
        "sts",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
out["Caller"] = chain.get_caller_identity()["Arn"]

json.dump(out, sys.stdout)
