package job

import (
	"fmt"

	"sizewise/analyze/capacity"
)

// Checks documents every finding of this package. All numbers come from the
// constants that the code compares with.
func Checks() []capacity.Check {
	return []capacity.Check{
		limitCheck("job_input_bound", "Job waits for data", "Do the accelerators of a job wait for data?",
			fmt.Sprintf("mean GPU utilization over 100 %% x GPUs, hosts and minutes of work (start-up cut off at the first %d minutes on end above %s): the whole interval below %s", firmlyWorking, share(idleGPU), share(waiting)),
			capacity.Threshold{Name: "GPU mean below", Value: waiting, Unit: "ratio"}),
		limitCheck("job_gpu_bound", "Job limited by its GPUs", "Do the GPUs limit a job?",
			"mean GPU utilization over 100 % x GPUs while the job worked: the whole interval above the threshold", capacity.Threshold{Name: "GPU mean above", Value: full, Unit: "ratio"}),
		limitCheck("job_cpu_bound", "Job limited by its cores", "Do the cores limit a job without GPUs?",
			"mean CPU utilization over 100 % x vCPU while the job worked: the whole interval above the threshold", capacity.Threshold{Name: "CPU mean above", Value: full, Unit: "ratio"}),
		roomCheck("job_memory_tight", "Job's memory nearly full", "Was the memory of a host nearly full?"),
		roomCheck("job_disk_tight", "Job's disk nearly full", "Was the disk of a host nearly full?"),
		trendCheck("job_memory_grows", "Job's memory fills up", "Would the memory of a host run out, were the job to go on?"),
		trendCheck("job_disk_fills", "Job's disk fills up", "Would the disk of a host run out, were the job to go on?"),
		skewCheck(), gpusUnusedCheck(), oversizedCheck(), otherTypeCheck(), spotCheck(),
		failureCheck("job_out_of_memory", "Job out of memory", "memory of a host, by exit code 137, Killed, an exception, or memory full at the end"),
		failureCheck("job_gpu_out_of_memory", "Job out of GPU memory", "memory of a GPU"),
		failureCheck("job_disk_full", "Job's disk full", "room on the disk"),
		failureCheck("job_no_capacity", "No capacity for a job", "instances, which were not to be had"),
		failureCheck("job_time_limit", "Job stopped by its limit", "time, which its stopping condition ended"),
		failureCheck("job_client_error", "Job asked for what cannot be done", "a right, a path or a valid parameter"),
		failureCheck("job_failed", "Job failed otherwise", "something that no message names"),
		recommenderCheck(), slowStepCheck(), failingStepCheck(),
	}
}

func limitCheck(name, title, question, formula string, t capacity.Threshold) capacity.Check {
	return capacity.Check{
		Name: name, Title: title, Question: question, Formula: formula, Query: querySeries,
		MinimumData: fmt.Sprintf("%d whole minutes of work", leastSteps),
		Refuses:     []string{"the instance type is not known: the metrics are sums over cores and GPUs", "no metrics: jobs of a few minutes may have none"},
		Thresholds:  []capacity.Threshold{t},
	}
}

func roomCheck(name, title, question string) capacity.Check {
	return capacity.Check{
		Name: name, Title: title, Question: question, Query: querySeries,
		Formula: "the highest maximum of a minute on any host", MinimumData: "one point",
		Refuses: []string{"nothing was published"},
		Thresholds: []capacity.Threshold{
			{Name: "warning from", Value: nearlyFull, Unit: "ratio"}, {Name: "critical from", Value: overfull, Unit: "ratio"},
		},
	}
}

func trendCheck(name, title, question string) capacity.Check {
	return capacity.Check{
		Name: name, Title: title, Question: question, Query: querySeries,
		Formula:     fmt.Sprintf("Sen's slope through the medians of %d stretches of the fullest host's minutes; what is left over the slope, its ends over those of the interval", trendBlocks),
		MinimumData: fmt.Sprintf("%d minutes of work", leastTrend),
		Refuses: []string{
			"the interval of the slope holds zero, or it grew by less than the least rise",
			fmt.Sprintf("it would not be full within %d times what was seen", farthest),
		},
		Thresholds: []capacity.Threshold{{Name: "least rise over the job", Value: leastRise, Unit: "ratio"}},
	}
}

func skewCheck() capacity.Check {
	return capacity.Check{
		Name: "job_host_skew", Title: "Uneven hosts", Question: "Do the hosts of a job share the work evenly?", Query: querySeries,
		Formula:     "|oddest host - median of the others| / mean of the hosts' GPU, else CPU, over the minutes that all published; delete-block jackknife",
		MinimumData: fmt.Sprintf("two hosts, %d minutes in common", leastSteps), Refuses: []string{"fewer"},
		Thresholds: []capacity.Threshold{{Name: "whole interval above", Value: skewed, Unit: "ratio"}},
	}
}

func oversizedCheck() capacity.Check {
	return capacity.Check{
		Name: "job_oversized", Title: "Instance larger than used", Question: "Is a smaller instance worth a test?", Query: querySeries,
		Formula:     "the least instance in whose spare share the 95th percentile of the cores used and the most memory used fit: of the family; with fewer GPUs of the kind, or one with less memory, or none, where they idled",
		MinimumData: fmt.Sprintf("%d minutes of CPU and memory, and of the GPUs", leastFit),
		Refuses:     []string{"the instance type is not known", "the job failed, or a resource limits it", "nothing smaller fits"},
		Thresholds: []capacity.Threshold{
			{Name: "cores, memory or one GPU used below", Value: sparse, Unit: "ratio"},
			{Name: "of the smaller one at most", Value: spareRoom, Unit: "ratio"},
			{Name: "GPU needless below", Value: needless, Unit: "ratio"},
		},
	}
}

func otherTypeCheck() capacity.Check {
	return capacity.Check{
		Name: "job_other_type", Title: "Another instance type worth a test", Question: "Which larger or different instance is worth a test, and why?", Query: querySeries,
		Formula: "the least type with more of what was nearly full (memory, or that of a GPU, x " + fmt.Sprintf("%.1f", moreMemory) + "); with the same GPUs and busy cores x wanted / seen GPU utilization, where the cores keep the GPUs waiting; with more cores or GPUs where those limit; " +
			"with less of what was not used. A hypothesis each: how long the job takes there is not predicted",
		MinimumData: fmt.Sprintf("%d minutes of CPU and memory, and of the GPUs", leastFit),
		Refuses:     []string{"the instance type is not known", "too few minutes", "nothing that was measured speaks for another type"},
		Thresholds: []capacity.Threshold{
			{Name: "memory nearly full from", Value: nearlyFull, Unit: "ratio"}, {Name: "cores or GPUs limit above", Value: full, Unit: "ratio"},
		},
	}
}

func gpusUnusedCheck() capacity.Check {
	return capacity.Check{
		Name: "job_gpus_unused", Title: "GPUs that a job does not use", Question: "Did a job use some of the GPUs of a host only?", Query: querySeries,
		Formula:     "the sums over GPUs of utilization (95th percentile of minutes of work) and of memory (the most) on the busiest host both within the same smaller number of GPUs; or the whole interval of the mean utilization below the threshold",
		MinimumData: fmt.Sprintf("%d minutes of work, two GPUs or more", leastSteps),
		Refuses:     []string{"GPU memory was not published", "which GPU worked is not published"},
		Thresholds: []capacity.Threshold{
			{Name: "memory of a GPU that nothing runs on, at most", Value: idleGPUMemory, Unit: "ratio"}, {Name: "mean utilization below", Value: needless, Unit: "ratio"},
		},
	}
}

func spotCheck() capacity.Check {
	return capacity.Check{
		Name: "job_spot_interrupted", Title: "Spot capacity taken away", Question: "How often was spot capacity taken away, and what did that cost?", Query: queryFacts,
		Formula:     "transitions to Interrupted; the time from each to the next Training",
		MinimumData: "the secondary status transitions of DescribeTrainingJob", Refuses: []string{"steps that were done twice are not counted"},
	}
}

func failureCheck(name, title, what string) capacity.Check {
	return capacity.Check{
		Name: name, Title: title, Question: "Did the job fail for want of " + what + "?", Query: queryLines,
		Formula:     fmt.Sprintf("words in the failure reason and exit message, then in the messages of the last %.0f minutes; the more special cause first", lastMinutes.Minutes()),
		MinimumData: "a failed job with a failure reason or a log", Refuses: []string{"the job did not fail"},
	}
}

func recommenderCheck() capacity.Check {
	return capacity.Check{
		Name: "recommender_errors", Title: "Errors in a recommender's test", Question: "Did requests of Inference Recommender's load test fail?", Query: querySeries,
		Formula: "ClientInvocationErrors over ClientInvocations; Wilson, widened by stretches", MinimumData: "one minute with requests",
		Refuses: []string{"nothing was published"}, Thresholds: []capacity.Threshold{{Name: "whole interval above", Value: clientErrors, Unit: "ratio"}},
	}
}

func slowStepCheck() capacity.Check {
	return capacity.Check{
		Name: "pipeline_slow_step", Title: "Step that takes most of the time", Question: "Does one step take most of the time of a pipeline?", Query: querySeries,
		Formula: "time of the step over that of all steps, over executions; delete-block jackknife", MinimumData: fmt.Sprintf("%d executions", leastTimes),
		Refuses: []string{"fewer: the share is told without an interval"}, Thresholds: []capacity.Threshold{{Name: "whole interval above", Value: slowStep, Unit: "ratio"}},
	}
}

func failingStepCheck() capacity.Check {
	return capacity.Check{
		Name: "pipeline_step_fails", Title: "Step that fails", Question: "Which steps of a pipeline failed?", Query: querySeries,
		Formula: "StepFailed over StepStarted; critical from half", MinimumData: "one execution", Refuses: []string{"nothing was published"},
	}
}
