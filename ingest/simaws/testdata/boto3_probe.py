"""Asks the simulated AWS through boto3 and prints what came, as one JSON object.

Usage: boto3_probe.py URL QUESTIONS, where QUESTIONS is the JSON that
clients_test.go writes. boto3 pages by its own paginators.
"""

import json
import sys
from datetime import timezone

import boto3
from botocore.exceptions import ClientError

url, questions = sys.argv[1], json.loads(sys.argv[2])


def client(name):
    return boto3.client(name, endpoint_url=url, region_name="us-east-1")


def stamp(t):
    return t.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


cloudwatch, logs, sagemaker = client("cloudwatch"), client("logs"), client("sagemaker")
out = {"Data": {}, "Metrics": [], "Statistics": {}, "Events": [], "Stream": [], "Streams": []}

for page in cloudwatch.get_paginator("get_metric_data").paginate(
    MetricDataQueries=questions["Queries"],
    StartTime=questions["Start"],
    EndTime=questions["End"],
    MaxDatapoints=questions["MaxDatapoints"],
):
    for r in page["MetricDataResults"]:
        into = out["Data"].setdefault(r["Id"], {})
        for t, v in zip(r["Timestamps"], r["Values"]):
            into[stamp(t)] = v

for page in cloudwatch.get_paginator("list_metrics").paginate(
    Dimensions=[{"Name": "EndpointName", "Value": questions["Endpoint"]}]
):
    for m in page["Metrics"]:
        out["Metrics"].append(m["Namespace"] + " " + m["MetricName"] + " " + str(len(m["Dimensions"])))

metric = questions["Queries"][0]["MetricStat"]["Metric"]
for p in cloudwatch.get_metric_statistics(
    StartTime=questions["Start"],
    EndTime=questions["End"],
    Period=300,
    Statistics=["Sum", "Maximum"],
    ExtendedStatistics=["p99"],
    **metric,
)["Datapoints"]:
    out["Statistics"][stamp(p["Timestamp"])] = [p["Sum"], p["Maximum"], p["ExtendedStatistics"]["p99"]]

for page in logs.get_paginator("filter_log_events").paginate(
    logGroupName=questions["LogGroup"], filterPattern=questions["Pattern"]
):
    for e in page["events"]:
        out["Events"].append("%s %d %s %s" % (e["eventId"], e["timestamp"], e["logStreamName"], e["message"]))

token = {}
while True:
    page = logs.get_log_events(
        logGroupName=questions["LogGroup"], logStreamName=questions["LogStream"], startFromHead=True, limit=2000, **token
    )
    out["Stream"] += ["%d %s" % (e["timestamp"], e["message"]) for e in page["events"]]
    if page["nextForwardToken"] == token.get("nextToken"):
        break
    token = {"nextToken": page["nextForwardToken"]}

for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=questions["LogGroup"]):
    out["Streams"] += [s["logStreamName"] for s in page["logStreams"]]

endpoint = sagemaker.describe_endpoint(EndpointName=questions["Endpoint"])
config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
out["Endpoint"] = "%s %s %d %s" % (
    endpoint["EndpointStatus"],
    stamp(endpoint["CreationTime"]),
    endpoint["ProductionVariants"][0]["CurrentInstanceCount"],
    config["ProductionVariants"][0]["InstanceType"],
)
try:
    sagemaker.describe_endpoint(EndpointName="gone")
except ClientError as e:
    out["Unknown"] = e.response["Error"]["Code"] + ": " + e.response["Error"]["Message"]
out["Account"] = client("sts").get_caller_identity()["Account"]

json.dump(out, sys.stdout)
