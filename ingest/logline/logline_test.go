package logline

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// want is what a line must say; parser "" is not checked.
type want struct {
	level, logger, thread, exception, request string
	parser, skeleton                          string
}

var lines = []struct {
	msg string
	want
}{
	// TorchServe and multi-model-server
	{`2026-11-20T14:03:12,417 [INFO ] main org.pytorch.serve.ModelServer - Torch Server version: 0.12.0`, want{level: "INFO", logger: "org.pytorch.serve.ModelServer", thread: "main", parser: "log4j", skeleton: "Torch Server version: <n>"}},
	{`2026-11-20 14:03:12.417 [DEBUG] W-9003-embed_1.0 org.pytorch.serve.wlm.WorkerThread - State is: WORKER_STARTED`, want{level: "DEBUG", logger: "org.pytorch.serve.wlm.WorkerThread", thread: "W-9003-embed_1.0", parser: "log4j"}},
	{`2026-11-20 14:03:12,417 [TRACE] W-9003-embed_1.0 org.pytorch.serve.wlm.WorkerThread - poll`, want{level: "DEBUG", logger: "org.pytorch.serve.wlm.WorkerThread", thread: "W-9003-embed_1.0"}},
	{`2026-11-20 14:03:12,417 [WARN ] W-9003-embed-stderr com.amazonaws.ml.mms.wlm.WorkerLifeCycle - ERROR:root:worker 12 gave up`, want{level: "ERROR", logger: "root", thread: "W-9003-embed-stderr", parser: "log4j", skeleton: "worker <n> gave up"}},
	{`2026-11-20 14:03:12,417 [WARN ] W-9003-embed-stderr com.amazonaws.ml.mms.wlm.WorkerLifeCycle - Traceback (most recent call last):`, want{level: "WARN", logger: "com.amazonaws.ml.mms.wlm.WorkerLifeCycle", thread: "W-9003-embed-stderr"}},
	{`2026-11-20T14:03:12,417 [INFO ] W-9003-embed_1.0-stdout MODEL_LOG - ValueError: shapes (3,4) and (5,) not aligned`, want{level: "INFO", logger: "MODEL_LOG", thread: "W-9003-embed_1.0-stdout", exception: "ValueError", skeleton: "ValueError: shapes (<n>) and (<n>,) not aligned"}},
	{`2026-11-20T14:03:12,417 [INFO ] W-9003-embed_1.0-stdout MODEL_LOG -   File "/opt/ml/model/code/inference.py", line 88, in predict_fn`, want{level: "INFO", logger: "MODEL_LOG", thread: "W-9003-embed_1.0-stdout", skeleton: `File "<path>", line <n>, in predict_fn`}},
	{`2026-11-20T14:03:12,417 [INFO ] W-9003-embed-stdout com.amazonaws.ml.mms.wlm.WorkerLifeCycle - torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.50 GiB`, want{level: "INFO", logger: "com.amazonaws.ml.mms.wlm.WorkerLifeCycle", thread: "W-9003-embed-stdout", exception: "torch.cuda.OutOfMemoryError", skeleton: "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate <size>"}},
	{`2026-11-20 14:03:12,417 [INFO ] main com.amazonaws.ml.mms.ModelServer -`, want{level: "INFO", logger: "com.amazonaws.ml.mms.ModelServer", thread: "main", parser: "log4j"}},
	{`2026-11-20 14:03:12,417 [INFO ] epollEventLoopGroup-3-2 org.pytorch.serve.wlm.WorkerThread - 9003 Worker disconnected. WORKER_STARTED`, want{level: "INFO", logger: "org.pytorch.serve.wlm.WorkerThread", thread: "epollEventLoopGroup-3-2", skeleton: "<n> Worker disconnected. WORKER_STARTED"}},
	{`2026-11-20 14:03:12,417 [INFO ] pool-4-thread-1 TS_METRICS - GPUUtilization.Percent:61.5|#Level:Host,DeviceId:0|#hostname:h1.local,timestamp:1795183392`, want{level: "INFO", logger: "TS_METRICS", thread: "pool-4-thread-1", parser: "torchserve-metrics", skeleton: "GPUUtilization.Percent:<n>|#Level:Host,DeviceId:<n>|#hostname:h<n>.local,timestamp:<n>"}},
	{`2026-11-20 14:03:12,417 [INFO ] pool-4-thread-1 MMS_METRICS - CPUUtilization.Percent:7.0|#Level:Host|#hostname:h1,timestamp:1795183392`, want{level: "INFO", logger: "MMS_METRICS", thread: "pool-4-thread-1", parser: "torchserve-metrics"}},
	{`2026-11-20 14:03:12,417 [ERROR] W-9003-embed_1.0 org.pytorch.serve.wlm.WorkerThread - Backend worker error`, want{level: "ERROR", logger: "org.pytorch.serve.wlm.WorkerThread", thread: "W-9003-embed_1.0"}},
	{`org.pytorch.serve.wlm.WorkerThread - 9003 Worker disconnected. WORKER_MODEL_LOADED`, want{logger: "org.pytorch.serve.wlm.WorkerThread", parser: "log4j"}},
	// Java stacks
	{`java.util.concurrent.RejectedExecutionException: queue of 128 is full`, want{exception: "java.util.concurrent.RejectedExecutionException", parser: "java", skeleton: "java.util.concurrent.RejectedExecutionException: queue of <n> is full"}},
	{`java.lang.InterruptedException`, want{exception: "java.lang.InterruptedException", parser: "java"}},
	{`#011at org.example.Serve.run(Serve.java:41) [server.jar:?]`, want{parser: "java", skeleton: "at org.example.Serve.run(Serve.java:<n>) [server.jar:?]"}},
	{`#011... 12 more`, want{parser: "java", skeleton: "... <n> more"}},
	{`Caused by: java.net.SocketTimeoutException: read timed out`, want{exception: "java.net.SocketTimeoutException", parser: "java"}},
	{`Exception in thread "main" java.lang.OutOfMemoryError: Java heap space`, want{exception: "java.lang.OutOfMemoryError"}},
	// gunicorn
	{`[2026-11-20 14:03:12 +0000] [17] [INFO] Booting worker with pid: 17`, want{level: "INFO", thread: "17", parser: "gunicorn", skeleton: "Booting worker with pid: <n>"}},
	{`[2026-11-20 14:03:12 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:33)`, want{level: "FATAL", thread: "1", parser: "gunicorn", skeleton: "WORKER TIMEOUT (pid:<n>)"}},
	{`[41] [CRITICAL] WORKER TIMEOUT (pid:44)`, want{level: "FATAL", thread: "41", parser: "gunicorn"}},
	{`[2026-11-20 14:03:12 +0000] [9] [ERROR] Error handling request /ping`, want{level: "ERROR", thread: "9", skeleton: "Error handling request /ping"}},
	// nginx
	{`2026/11/20 14:03:12 [error] 21#21: *902 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.3.7, server: , request: "POST /invocations HTTP/1.1", upstream: "http://127.0.0.1:8081/invocations", host: "model.aws.local:8080"`, want{level: "ERROR", thread: "21#21", parser: "nginx", skeleton: `upstream timed out (<n>: Connection timed out) while reading response header from upstream, client: <ip>, server: , request: "POST /invocations HTTP/<n>", upstream: "<url>", host: "model.aws.local:<n>"`}},
	{`2026/11/20 14:03:12 [crit] 21#21: *1 connect() to unix:/tmp/app.sock failed (2: No such file or directory)`, want{level: "FATAL", thread: "21#21", parser: "nginx", skeleton: "connect() to unix:<path> failed (<n>: No such file or directory)"}},
	{`2026/11/20 14:03:12 [emerg] 1#1: bind() to 0.0.0.0:8080 failed (98: Address already in use)`, want{level: "FATAL", thread: "1#1", parser: "nginx"}},
	{`2026/11/20 14:03:12 [notice] 1#1: start worker process 12`, want{level: "INFO", thread: "1#1", parser: "nginx"}},
	{`[warn] 12#4: *77 a client request body is buffered to a temporary file /tmp/body/0000000012`, want{level: "WARN", thread: "12#4", parser: "nginx", skeleton: "a client request body is buffered to a temporary file <path>"}},
	{`[warn] getaddrinfo: no address`, want{level: "WARN", parser: "bracket"}},
	// glog and Triton
	{`I1120 14:03:12.000417 1 server.cc:603] started 2 services`, want{level: "INFO", logger: "server.cc", thread: "1", parser: "glog", skeleton: "started <n> services"}},
	{`W1120 14:03:12.000417  128 pinned_memory_manager.cc:236] pool of 268435456 bytes is gone`, want{level: "WARN", logger: "pinned_memory_manager.cc", thread: "128", parser: "glog"}},
	{`E1120 14:03:12.000417 7 model_lifecycle.cc:630] failed to load 'resnet' version 3: Internal: out of memory`, want{level: "ERROR", logger: "model_lifecycle.cc", thread: "7"}},
	{`F1120 14:03:12.000417 7 cuda.cc:12] Check failed`, want{level: "FATAL", logger: "cuda.cc", thread: "7"}},
	{`[E ProcessGroupNCCL.cpp:474] [Rank 1] watchdog timeout after 1800000 ms`, want{level: "ERROR", logger: "ProcessGroupNCCL.cpp", parser: "c10", skeleton: "[Rank <n>] watchdog timeout after <n> ms"}},
	// TensorFlow
	{`2026-11-20 14:03:12.004170: I tensorflow_serving/core/loader_harness.cc:95] Loaded servable version {name: half version: 3}`, want{level: "INFO", logger: "tensorflow_serving/core/loader_harness.cc", parser: "tensorflow", skeleton: "Loaded servable version {name: half version: <n>}"}},
	{`2026-11-20 14:03:12.004170: E external/org_tensorflow/tensorflow/core/util.cc:9] no GPU`, want{level: "ERROR", logger: "external/org_tensorflow/tensorflow/core/util.cc", parser: "tensorflow"}},
	{`INFO:__main__:nginx version info: 1.24`, want{level: "INFO", logger: "__main__", parser: "python", skeleton: "nginx version info: <n>"}},
	// vLLM
	{`INFO 11-20 14:03:12 [loggers.py:116] Engine 000: Avg prompt throughput: 812.4 tokens/s, Running: 12 reqs, Waiting: 3 reqs, GPU KV cache usage: 81.2%`, want{level: "INFO", logger: "loggers.py", parser: "vllm", skeleton: "Engine <n>: Avg prompt throughput: <n> tokens/s, Running: <n> reqs, Waiting: <n> reqs, GPU KV cache usage: <n>%"}},
	{`(APIServer pid=1) INFO 11-20 14:03:12 [launcher.py:29] Route: /invocations, Methods: POST`, want{level: "INFO", logger: "launcher.py", thread: "APIServer pid=1", parser: "vllm", skeleton: "Route: /invocations, Methods: POST"}},
	{`(EngineCore_0 pid=88) ERROR 11-20 14:03:12 [core.py:708] torch.OutOfMemoryError: CUDA out of memory.`, want{level: "ERROR", logger: "core.py", thread: "EngineCore_0 pid=88", exception: "torch.OutOfMemoryError"}},
	{`ERROR 11-20 14:03:12 async_llm_engine.py:51] Engine background task failed`, want{level: "ERROR", logger: "async_llm_engine.py", parser: "vllm"}},
	{`ERROR 11-20 14:03:12 async_llm_engine.py:51]     return await self.step()`, want{level: "ERROR", logger: "async_llm_engine.py", skeleton: "return await self.step()"}},
	{`WARNING 11-20 14:03:12 scheduler.py:1100] Sequence group cmpl-77 is preempted`, want{level: "WARN", logger: "scheduler.py"}},
	{`INFO 11-20 14:03:12 [async_llm.py:270] Added request chatcmpl-4be0c0ffee4242.`, want{level: "INFO", logger: "async_llm.py", request: "chatcmpl-4be0c0ffee4242", skeleton: "Added request chatcmpl-<hex>."}},
	{`(APIServer pid=1) [2026-11-20 14:03:12] INFO decorators.py:34: [PING] handler registered`, want{level: "INFO", logger: "decorators.py", thread: "APIServer pid=1"}},
	// uvicorn
	{`INFO:     Application startup complete.`, want{level: "INFO", parser: "uvicorn", skeleton: "Application startup complete."}},
	{`ERROR:    Exception in ASGI application`, want{level: "ERROR", parser: "uvicorn"}},
	{`WARNING:  Invalid HTTP request received.`, want{level: "WARN", parser: "uvicorn"}},
	// TGI
	{`2026-11-20T14:03:12.004170Z  INFO text_generation_launcher: Shard ready in 41.2s rank=0`, want{level: "INFO", logger: "text_generation_launcher", parser: "tgi", skeleton: "Shard ready in <n>s rank=<n>"}},
	{`2026-11-20T14:03:12.004170Z ERROR shard-manager: text_generation_launcher: Shard complete standard error output:`, want{level: "ERROR", logger: "text_generation_launcher", parser: "tgi"}},
	{`#033[2m2026-11-20T14:03:12.004170Z#033[0m #033[31mERROR#033[0m #033[2mtext_generation_launcher#033[0m#033[2m:#033[0m Shard 1 failed to start`, want{level: "ERROR", logger: "text_generation_launcher", parser: "tgi", skeleton: "Shard <n> failed to start"}},
	{"\x1b[2m2026-11-20T14:03:12.004170Z\x1b[0m \x1b[33m WARN\x1b[0m \x1b[2mtext_generation_router\x1b[0m\x1b[2m:\x1b[0m no tokenizer", want{level: "WARN", logger: "text_generation_router", parser: "tgi"}},
	{`2026-11-20T14:03:12.004170Z  INFO generate{inputs="x" n=3}: text_generation_router::server: router/src/server.rs:289: Success`, want{level: "INFO", logger: "router/src/server.rs:289", parser: "tgi", skeleton: "Success"}},
	{`{"timestamp":"2026-11-20T14:03:12.004170Z","level":"ERROR","fields":{"message":"Shard \"0\" failed"},"target":"text_generation_launcher"}`, want{level: "ERROR", logger: "text_generation_launcher", parser: "json", skeleton: `Shard "<n>" failed`}},
	{`{"timestamp":"2026-11-20T14:03:12.004170Z","level":"INFO","fields":{"message":"Args { model: \"a`, want{level: "INFO", parser: "json"}},
	{`{"asctime": "2026-11-20 14:03:12", "levelname": "CRITICAL", "name": "serve", "message": "out of disk"}`, want{level: "FATAL", logger: "serve", parser: "json", skeleton: "out of disk"}},
	{`Error: ShardCannotStart`, want{level: "ERROR", parser: "level"}},
	// DJL and LMI
	{`[INFO ] ModelServer - Initialize BOTH server with: EpollServerSocketChannel.`, want{level: "INFO", logger: "ModelServer", parser: "djl"}},
	{`[WARN ] PyProcess - W-77-llama-stderr: loading took 12 s`, want{level: "WARN", logger: "PyProcess", thread: "W-77-llama-stderr", parser: "djl", skeleton: "loading took <n> s"}},
	{`[INFO ] PyProcess - W-77-llama-stdout: [1,0]<stdout>:ERROR::request failed`, want{level: "ERROR", logger: "PyProcess", thread: "W-77-llama-stdout", parser: "djl", skeleton: "request failed"}},
	{`INFO  PyProcess W-77-llama-stdout: [1,0]<stdout>:Traceback (most recent call last):`, want{level: "INFO", logger: "PyProcess", thread: "W-77-llama-stdout", parser: "djl"}},
	{`[ERROR] PyProcess - W-77-llama-stderr: [1,3]<stderr>:RuntimeError: NCCL error`, want{level: "ERROR", logger: "PyProcess", thread: "W-77-llama-stderr", exception: "RuntimeError"}},
	{`ERROR PyEngine W-77-llama-stdout: Python process exited`, want{level: "ERROR", logger: "PyEngine", thread: "W-77-llama-stdout"}},
	// XGBoost, built-in algorithms, plain Python
	{`[2026-11-20:14:03:12:INFO] No GPUs detected`, want{level: "INFO", parser: "xgboost", skeleton: "No GPUs detected"}},
	{`[2026-11-20:14:03:12:ERROR] request of 7 MB is too large`, want{level: "ERROR", parser: "xgboost", skeleton: "request of <size> is too large"}},
	{`[11/20/2026 14:03:12 WARNING 140213 common.py:41] num_workers is 0`, want{level: "WARN", thread: "140213 common.py:41", parser: "sagemaker"}},
	{`2026-11-20 14:03:12,417 INFO - sagemaker-containers - No Neurons detected`, want{level: "INFO", logger: "sagemaker-containers", parser: "python"}},
	{`2026-11-20 14:03:12,417 - serve.app - WARNING - slow answer: 3.2 s`, want{level: "WARN", logger: "serve.app", parser: "python", skeleton: "slow answer: <n> s"}},
	{`2026-11-20 14:03:12.417 | ERROR    | app.main:predict:88 - prediction failed`, want{level: "ERROR", logger: "app.main", parser: "python", skeleton: "prediction failed"}},
	{`[2026-11-20 14:03:12,417] ERROR in app: Exception on /invocations [POST]`, want{level: "ERROR", logger: "app", skeleton: "Exception on /invocations [POST]"}},
	{`WARNING:py.warnings:overflow in exp`, want{level: "WARN", logger: "py.warnings", parser: "python"}},
	{`CRITICAL:root:giving up`, want{level: "FATAL", logger: "root", parser: "python"}},
	{`FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/model/model.bin'`, want{exception: "FileNotFoundError", parser: "traceback", skeleton: "FileNotFoundError: [Errno <n>] No such file or directory: '<path>'"}},
	{`KeyboardInterrupt`, want{exception: "KeyboardInterrupt", parser: "traceback"}},
	{`requests.exceptions.ConnectTimeout: host is away`, want{exception: "requests.exceptions.ConnectTimeout"}},
	{`[ERROR] ModelError: An error occurred`, want{level: "ERROR", exception: "ModelError"}},
	{`terminate called after throwing an instance of 'std::bad_alloc'`, want{exception: "std::bad_alloc"}},
	// what must not be taken for more than it is
	{`/usr/lib/python3/serve.py:28: UserWarning: deprecated`, want{parser: "plain", skeleton: "<path>:<n>: UserWarning: deprecated"}},
	{`INFORMATION: none`, want{parser: "plain"}},
	{`Received server error (500) from primary`, want{parser: "plain", skeleton: "Received server error (<n>) from primary"}},
	{`    raise ValueError("no")`, want{parser: "plain"}},
	{`{"code": 500, "type": "InternalServerException", "message": "Worker died."}`, want{parser: "plain"}},
	{`ERROR_COUNT=3`, want{parser: "plain", skeleton: "ERROR_COUNT=<n>"}},
	{`errors were: none`, want{parser: "plain"}},
	{`#015Loading:  10%|#         | 1/10#015Loading: 100%|##########| 10/10`, want{parser: "plain", skeleton: "Loading: <n>%|##########| <n>/<n>"}},
	{`request-id: 0b5f8a52-6c0a-4f5e-9d55-3f4c8e1c2a77 took 88 ms from 10.1.2.3:4711`, want{request: "0b5f8a52-6c0a-4f5e-9d55-3f4c8e1c2a77", skeleton: "request-id: <uuid> took <n> ms from <ip>:<n>"}},
	{`no RequestId="abc" in request body`, want{}},
	{``, want{parser: "plain"}},
}

func TestParse(t *testing.T) {
	var p Parser
	for _, test := range lines {
		l := p.Parse(test.msg)
		got := want{l.Level, l.Logger, l.Thread, l.Exception, l.RequestID, l.Parser, l.Skeleton}
		if test.parser == "" {
			got.parser = ""
		}
		if test.skeleton == "" {
			got.skeleton = ""
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(want{})); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", test.msg, diff)
		}
		if l.Access != nil {
			t.Errorf("Parse(%q) is an access line", test.msg)
		}
	}
}

func TestAccess(t *testing.T) {
	for _, test := range []struct {
		msg             string
		level, parser   string
		access          Access
		skeleton, extra string
	}{
		{`2026-11-20 14:03:12,417 [INFO ] W-9003-embed_1.0 ACCESS_LOG - /10.0.3.7:41822 "POST /invocations HTTP/1.1" 200 35`, "INFO", "torchserve-access", Access{"POST", "/invocations", 200, 35000}, "POST /invocations 200", ""},
		{`2026-11-20T14:03:12,417 [INFO ] epollEventLoopGroup-3-2 ACCESS_LOG - /10.0.3.7:41822 "GET /ping HTTP/1.1" 503 0`, "INFO", "torchserve-access", Access{"GET", "/ping", 503, 0}, "GET /ping 503", ""},
		{`10.0.3.7 - - [20/Nov/2026:14:03:12 +0000] "POST /invocations HTTP/1.1" 504 183 "-" "AHC/2.0"`, "", "combined", Access{"POST", "/invocations", 504, -1}, "POST /invocations 504", ""},
		{`10.0.3.7 - - [20/Nov/2026:14:03:12 +0000] "GET /models/a1b2c3d4e5?x=1 HTTP/1.1" 200 12 "-" "-"`, "", "combined", Access{"GET", "/models/a1b2c3d4e5", 200, -1}, "GET /models/<hex> 200", ""},
		{`INFO:     10.0.3.7:51234 - "POST /v1/chat/completions HTTP/1.1" 500 Internal Server Error`, "INFO", "uvicorn-access", Access{"POST", "/v1/chat/completions", 500, -1}, "POST /v<n>/chat/completions 500", ""},
		{`(APIServer pid=1) INFO:     10.0.3.7:51234 - "GET /ping HTTP/1.1" 200 OK`, "INFO", "uvicorn-access", Access{"GET", "/ping", 200, -1}, "GET /ping 200", ""},
		{`INFO:werkzeug:127.0.0.1 - - [20/Nov/2026 14:03:12] "POST /invocations HTTP/1.1" 500 -`, "INFO", "combined", Access{"POST", "/invocations", 500, -1}, "POST /invocations 500", ""},
	} {
		l := Parse(test.msg)
		if l.Access == nil {
			t.Errorf("Parse(%q): no access", test.msg)
			continue
		}
		if *l.Access != test.access || l.Level != test.level || l.Parser != test.parser || l.Skeleton != test.skeleton {
			t.Errorf("Parse(%q) = %+v %q %q %q", test.msg, *l.Access, l.Level, l.Parser, l.Skeleton)
		}
		if l.Exception != "" || l.RequestID != "" {
			t.Errorf("Parse(%q): exception %q, request %q", test.msg, l.Exception, l.RequestID)
		}
	}
}

// A whole stack trace in one event names its exception once, at the place that
// its language puts it.
func TestParseManyLines(t *testing.T) {
	for _, test := range []struct{ msg, exception, skeleton string }{
		{
			"Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in f\n    g()\nKeyError: 'x'\n\nDuring handling:\n\nValueError: bad 7",
			"ValueError", "Traceback (most recent call last): … ValueError: bad <n>",
		},
		{
			"2026-11-20 14:03:12,417 [ERROR] main a.b.C - boom\njava.lang.IllegalStateException: no 3\n\tat a.b.C.run(C.java:3)\nCaused by: java.io.IOException: x",
			"java.lang.IllegalStateException", "boom … java.lang.IllegalStateException: no <n>",
		},
		{"Config:\nA: 1\nB: 2", "", "Config:"},
	} {
		l := Parse(test.msg)
		if l.Exception != test.exception || l.Skeleton != test.skeleton {
			t.Errorf("Parse(%q) = %q, %q", test.msg, l.Exception, l.Skeleton)
		}
	}
}

// Lines of one kind have one skeleton whatever their variables are.
func TestSkeletonIsStable(t *testing.T) {
	for _, kind := range [][]string{
		{"Loaded model in 12 ms", "Loaded model in 9.75 ms", "Loaded model in 1e-05 ms"},
		{"free 1.2 GiB of 80.00 GiB", "free 900 MiB of 24.00 GiB", "free 7KB of 12B"},
		{"session 8a7f3c1e-1111-2222-3333-444455556666 closed", "session 00000000-1111-2222-3333-444455556666 closed"},
		{"io_fd=0242acfffe110002-00000021-deadbee1", "io_fd=f3cd8cfffe120002-1a2b3c4d-00000002"},
		{"from 10.0.0.1:80 at 14:03:12", "from 192.168.13.200:65535 at 00:00:00.123"},
		{"dims [1, 2, 3]", "dims [64, 3, 224, 224]"},
		{"reading /opt/ml/model/a.bin", "reading /tmp/x/y/z-7.safetensors"},
		{"get s3://bucket/key?x=1 now", "get https://example.com/a#b now"},
		{"tag 0xdeadbeef", "tag 0x7"},
		{"W-9000-resnet_1.0 up", "W-9123-resnet_2.1.4 up"},
	} {
		first := Parse(kind[0]).Skeleton
		for _, msg := range kind[1:] {
			if got := Parse(msg).Skeleton; got != first {
				t.Errorf("skeletons of one kind differ:\n%q -> %q\n%q -> %q", kind[0], first, msg, got)
			}
		}
	}
}

func TestParserReuseChangesNothing(t *testing.T) {
	var p Parser
	for range 2 {
		for _, test := range lines {
			if diff := cmp.Diff(Parse(test.msg), p.Parse(test.msg)); diff != "" {
				t.Errorf("%q: a used parser differs (-fresh +used):\n%s", test.msg, diff)
			}
		}
	}
}

func TestLongLineIsBounded(t *testing.T) {
	l := Parse(strings.Repeat("word ", 100_000))
	if len(l.Skeleton) > 2*maxSkeleton || !strings.HasSuffix(l.Skeleton, "…") {
		t.Errorf("skeleton has %d bytes", len(l.Skeleton))
	}
}

func FuzzParse(f *testing.F) {
	for _, test := range lines {
		f.Add(test.msg)
	}
	f.Fuzz(func(t *testing.T, msg string) {
		l := Parse(Redact(msg))
		if !utf8.ValidString(l.Skeleton) {
			t.Errorf("skeleton %q is not UTF-8", l.Skeleton)
		}
		if strings.ContainsAny(l.Skeleton, "\n\r\x1b\x00") {
			t.Errorf("skeleton %q has control characters", l.Skeleton)
		}
		switch l.Level {
		case "", debug, info, warn, fail, fatal:
		default:
			t.Errorf("level %q", l.Level)
		}
		if a := l.Access; a != nil && (a.Status < 0 || a.Status > 999 || a.DurationUS < -1) {
			t.Errorf("access %+v", *a)
		}
	})
}

// benchLines is a mix in about the proportions of a loaded endpoint.
func benchLines() []string {
	var out []string
	for range 4 {
		out = append(out, `2026-11-20 14:03:12,417 [INFO ] W-9003-embed_1.0 ACCESS_LOG - /10.0.3.7:41822 "POST /invocations HTTP/1.1" 200 35`)
	}
	for _, test := range lines {
		if test.msg != "" {
			out = append(out, test.msg)
		}
	}
	return out
}

func BenchmarkParse(b *testing.B) {
	in := benchLines()
	size := int64(0)
	for _, s := range in {
		size += int64(len(s))
	}
	var p Parser
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range in {
			p.Parse(s)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(in))/b.Elapsed().Seconds(), "lines/s")
}

func BenchmarkRedactClean(b *testing.B) {
	in := benchLines()
	size := int64(0)
	for _, s := range in {
		size += int64(len(s))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range in {
			Redact(s)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(in))/b.Elapsed().Seconds(), "lines/s")
}
