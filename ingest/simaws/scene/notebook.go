package scene

import (
	"fmt"
	"time"

	"sizewise/ingest/simaws/account"
)

func notebookScenarios() []Scenario {
	return []Scenario{
		{Name: "notebook-idle", About: "a notebook instance that nobody works on any more, in service all the same", Draw: func(seed uint64) (*Test, error) {
			return newNotebook("notebook-idle", seed, false), nil
		}},
		{Name: "notebook-disk-full", About: "a notebook instance whose disk fills up while somebody works on it", Draw: func(seed uint64) (*Test, error) {
			return newNotebook("notebook-disk-full", seed, true), nil
		}},
	}
}

// newNotebook draws a day of a notebook instance, which has a log and no metrics:
// somebody saves his work every few minutes until he leaves, or until it can no
// longer be saved.
func newNotebook(scenario string, seed uint64, full bool) *Test {
	s := newSketch(scenario, "notebook", "fraud-exploration", 14*60, seed)
	leaves := 180 + s.r.IntN(300)
	if full {
		leaves = s.minutes - s.r.IntN(60)
	}
	fills := leaves - 30 - s.r.IntN(60)
	const group = "/aws/sagemaker/NotebookInstances"
	start, jupyter := account.LogStream{Name: s.name + "/LifecycleConfigOnStart", Created: s.start}, account.LogStream{Name: s.name + "/jupyter.log", Created: s.start}
	write := func(to *account.LogStream, at time.Time, text string) {
		to.Events = append(to.Events, account.LogEvent{Time: at, Ingested: at.Add(3 * time.Second), Message: text})
	}
	for i, text := range []string{"Collecting xgboost==2.0.3", "Successfully installed xgboost-2.0.3"} {
		write(&start, s.at(1).Add(time.Duration(i)*time.Second), text)
	}
	line := func(at time.Time, level, app, text string) {
		write(&jupyter, at, fmt.Sprintf("[%s %s %s] %s", level, at.Format("2006-01-02 15:04:05.000"), app, text))
	}
	line(s.at(2), "I", "ServerApp", "Serving notebooks from local directory: /home/ec2-user/SageMaker")
	line(s.at(4), "I", "ServerApp", "Kernel started: 0f3c9d1e-8f0a-4a58-9a51-6a1f0f5c2b7d")
	last, unsaved := s.at(4), 0
	for i := 5; i < leaves; i += 2 + s.r.IntN(9) {
		last = s.at(i).Add(time.Duration(s.r.IntN(50)) * time.Second)
		line(last, "I", "ServerApp", "Saving file at /fraud/explore.ipynb")
		if full && i >= fills {
			unsaved++
			line(last.Add(time.Second), "E", "ServerApp", "Unexpected error while saving file: fraud/explore.ipynb [Errno 28] No space left on device")
		}
	}
	s.account.LogGroups = append(s.account.LogGroups, account.LogGroup{Name: group, Created: s.start.Add(-48 * time.Hour), Streams: []account.LogStream{start, jupyter}})
	s.describe("DescribeNotebookInstance", s.name, map[string]any{
		"NotebookInstanceStatus": "InService", "InstanceType": "ml.m5.2xlarge", "VolumeSizeInGB": 20,
		"CreationTime": s.start.Add(-30 * 24 * time.Hour), "LastModifiedTime": s.start, "Url": s.name + ".notebook." + regionName + ".sagemaker.aws",
	})
	s.truth.Words["check"], s.truth.Words["verdict"] = "notebook_quiet", "pass"
	if full {
		s.truth.Words["check"], s.truth.Words["verdict"] = "notebook_disk_full", "fail"
		s.truth.Values["disk_full_lines"] = float64(unsaved)
		return s.test()
	}
	s.truth.Values["quiet_s"], s.truth.Values["log_error_lines"] = s.end().Sub(last).Seconds(), 0
	return s.test()
}
