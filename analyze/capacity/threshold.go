package capacity

import "time"

// Thresholds of the method. [Checks] prints them from here. Sources are named
// in the comments; the rest follow from the arithmetic next to their use.
const (
	confidence = 0.95

	// Load steps.
	minStepBuckets   = 3    // shortest step, in buckets
	minStepShift     = 0.05 // smallest change of rate that makes a step, ratio
	minRateNoise     = 0.01 // floor under the noise of log rate
	maxSteps         = 40   // more than this and the smallest changes are joined
	maxGap           = 5 * time.Minute
	settleInstances  = 2 * time.Minute // left out on both sides of a change of the instance count
	settleRestart    = 3 * time.Minute // left out on both sides of a container restart
	memoryDrop       = 0.15            // fall of the fleet's memory, in instances' worth, that means a restart
	noiseDrop        = 6               // and in standard deviations of what the memory moves by from bucket to bucket
	wholeInstances   = 0.02            // how far from a whole number an instance count may be
	backlogged       = 0.95            // answers with a latency over accepted requests, below which requests pile up
	minRequests      = 30              // per bucket, to enter the fit
	maxFitErrors     = 0.005           // 5xx ratio of a bucket that enters the fit: fast failures do no work
	minSpreadPoints  = 8               // utilization values in the fit, where each covers several minutes
	firstDropSeconds = 120             // buckets up to this width: the first of a step is left out

	idleShare = 0.8  // of the known workers taken on average: below, they are not what is full
	burstGain = 1.03 // law over a plateau that bursts alone may have made, from which the law is believed
	lawGap    = 0.03 // plateau and law apart by more than this: the interval covers both

	minMixSteps = 4     // steps that show whether the work per request moves
	mixChance   = 0.001 // of steps that differ so much in the work per request by chance
	leastMix    = 0.02  // standard deviation over the steps that matters
	mostMix     = 0.4   // a plateau further from the mean belongs to another service

	// Warm-up.
	warmSlow = 1.25 // latency over that of later buckets
	warmCost = 1.10 // work per request over that of later buckets
	sameLoad = 1.10 // rates within this factor are one load
	minWarm  = 2    // buckets

	// Saturation.
	lossLimit   = 0.01 // 5xx ratio of the median minute that counts as not keeping up
	busyFull    = 0.93 // utilization from which a resource counts as full
	flatGrowth  = 0.05 // served may differ by this much on a plateau
	flatOffered = 0.10 // while offered differs by this much
	flatLoss    = 0.5  // of what one step was offered more than another it must have lost more, at least
	queueGrowth = 2.0  // mean latency over the low-load mean that shows a queue
	stallGrowth = 0.20 // concurrency must rise by this much ...
	stallRate   = 0.03 // ... while the rate moves by less than this
	plateauBand = 0.97 // saturated steps within this of the best one are the plateau
	movingBand  = 0.60 // the same, where the work per request moved
	minPlateau  = 3    // buckets
	batches     = 6    // batch means on the plateau
	// A resource that is this much fuller on the plateau than at low load is
	// filled by load.
	risesWithLoad = 0.03
	idleNoise     = 1.01 // idle time that utilization readings can be trusted to show
	idleLossFrom  = 0.10 // 5xx ratio above which hardly any idle time is left to correct for,
	idleClear     = 1.04 // so that only more of it than a sensor makes up counts

	// Demand and extrapolation.
	minFitBuckets   = 20
	shortFitBuckets = 10 // where they lie on the line:
	shortR2         = 0.97
	minRateRange    = 2.0 // highest over lowest rate in the fit
	clearRateRange  = 1.5 // the same, where the line is clear:
	clearR2         = 0.9
	clearWidth      = 0.08 // relative half width of the interval
	minBusy         = 0.25 // highest utilization in the fit
	minR2           = 0.5
	maxHalfWidth    = 0.25 // of the interval, relative
	minSlopeRatio   = 0.80 // upper-half slope over lower-half slope: below, work per request falls with load
	maxSlopeRatio   = 1.25
	maxIdleShare    = 0.30 // share of a GPU's top utilization that the line may leave at zero load
	maxStretch      = 4.0  // extrapolation beyond the highest rate seen
	jackknifeParts  = 12
	leastHalfWidth  = 0.004 // half interval that comes on top of the scatter: minute boundaries and rounding
	lawShape        = 0.02  // share of the distance beyond the highest rate that a line may be off by
	minDriftPoints  = 60    // values in the fit, to tell drift of the work from the load
	driftTerms      = 5     // cosines that a drift is made of
	driftChance     = 0.001 // of drift being seen where there is none, for independent residuals
	mostTrend       = 0.85  // share of the load's variance that may move as slowly as a drift
	latencyTrend    = 0.97  // the same, for a drift that the latency shows
	driftShare      = 0.35  // of the work's standard deviation that the mean of a window may be off by
	leastDrift      = 0.022 // and at least: the drift is not known better
	followsClear    = 7.0   // F of a resource's use following the latency, at least: one in a hundred by chance
	followsLeast    = 0.5   // change of the use over that of the latency, at least
	followsMost     = 1.6   // and at most
	minDeploySide   = 5     // buckets on each side of a change of the work per request
	leastDeploy     = 0.10  // change of the work per request, relative, that makes another service
	deployClear     = 0.35  // residual with the change over that without, at most
	driftClear      = 0.7   // and over that with a slow drift
	mostDeploys     = 4     // in one window
	quickBefore     = 15    // buckets before answers become quicker
	quickAfter      = 8     // and after it
	leastDrop       = 0.25  // from just before
	mostQuickening  = 600   // buckets
	separable       = 0.15  // two resources nearer than this cannot be told apart before the limit is reached
	hotShare        = 0.4   // of the highest use: below, the gap between instances is mostly noise
	minHot          = 10    // buckets
	equalFleets     = 0.5   // how likely instances are equal, before they are looked at
	mostSkew        = 0.2   // that instances are slower or faster than nominal, at most
	leastExcess     = 0.01  // of the slowest instance: below, all are taken for equal
	gapTrust        = 0.5   // of the gaps' likelihood that its simple noise deserves
	farGap          = 9.0   // squared distance of a gap in standard deviations that counts, at most
	mostGaps        = 400
	mostUnequal     = 24 // instances
	skewFleets      = 80
	skewDraws       = 300
	skewSeed        = 22
	leastSkew       = 0.015 // half interval of the busiest instance's excess, at least
	hotFinding      = 1.25  // busiest over average instance that is worth a finding

	// Hidden limits on concurrency.
	enough          = 0.97 // of the law's capacity: a worker count that gives this much does not matter
	tolerable       = 0.95 // a worker count that cannot be ruled out and gives less makes the law a guess
	waitShare       = 0.4  // least share of the exponential model's waiting time that real services show
	leastScatter    = 0.01 // so little waiting that only a count beyond its own throughput is ruled out
	rateSlack       = 0.93 // of the rate at which that model is asked
	waitSlack       = 0.05 // latency change, relative, that is not evidence
	contrastSlack   = 0.01 // the same over many minutes, beside their scatter
	contrastMinutes = 60   // that it takes
	contrastShare   = 0.15 // of them at each end of the rates
	workersClear    = 2.0  // the line's capacity over that of known workers, for a line too rough to publish
	workersLeast    = 0.03 // and at least: the time of a lone request is not known better
	mostWait        = 1.0  // of the time alone: steps that wait longer by the model do not say what a lone request takes
	queueShare      = 0.7  // of the exponential model's waiting time, expected at low load
	freeWorkers     = 64   // stands for any number of workers at low load
	workersSpread   = 0.05 // half interval of a capacity by known workers, at most
	maxPopulation   = 1024 // largest worker count looked at

	// The time of a lone request by simulation.
	mostLone     = 64   // workers: more of them seldom wait for each other
	mostComputed = 0.9  // share of its time that CPU and GPU take, else those are the limit
	leastScale   = 0.5  // of the latency of the minutes with least load
	mostScale    = 1.15 // of it
	scaleStep    = 0.005
	leastLone    = 0.015 // relative standard error of the time by simulation, at least
	lineLone     = 0.025 // and of the time by a line of the latencies
	waitBlur     = 0.4   // and of this share of what the two are apart by
	waitUnsure   = 0.25  // half interval of a capacity by known workers, of the share of the least latency that is a wait
	mostReadings = 300   // minutes
	loneTrust    = 0.5   // of the minutes, which share their disturbances

	// Workers in front of which nothing queues.
	lossSlow   = 1.15  // latency over that of the lowest step, at most
	lossMisfit = 0.25  // mean distance of the logarithm of the share that is refused
	lossSpread = 0.05  // half interval where the workers' number is not known
	lossLeast  = 0.012 // and where it is: the time of a request is that of minutes with few of them

	// Lower bounds.
	sustainedBuckets = 5
	sustainedWide    = 2 // where a bucket is minutes wide
	boundSafety      = 0.98
	unseenSkew       = 0.05 // of a slower instance over the average one, where instances are not published by themselves
	sloSafety        = 0.95 // a step of a few minutes may keep an SLO by chance just beyond its rate

	// SLO rate.
	stepBuckets      = 2     // that a step must keep after trimming, to count for latency
	minFewest        = 3     // steps with the least instances, to judge by them alone
	minModelSteps    = 4     // for the queue model
	maxModelLoad     = 0.98  // utilization up to which the queue model is believed
	modelShape       = 0.06  // share of the extrapolated distance that the queue model may be off by
	leastModel       = 0.025 // relative, on each side of a rate by the queue model
	minModelReadings = 10    // minutes in the queue model
	shortQueue       = 0.85  // of the capacity: where a rate by the queue model is nearer, a short queue may refuse before latency reaches the limit
	levelNoise       = 0.04  // relative, of the percentile of a step of a few minutes
	minOwnReadings   = 6     // of them with the percentile that is asked for
	overloadedFrom   = 0.97  // of the capacity: from there on latency is that of a queue which grows
	gainSpread       = 0.2   // of the logarithm of a real queue over the simulated one
	gainBlur         = 0.15  // of the logarithm of a percentile's rise over the mean's
	shapeTrust       = 0.5   // of the minutes' likelihoods that a simulated shape deserves
	mostShared       = 0.8   // of a minute's disturbance with the next minute's, at most
	roughRequests    = 8000  // simulated at each load, to learn what a request takes alone
	shapeRequests    = 32000 // and to learn how latency rises
	shapeMinutes     = 30
	shapeSeed        = 21
	mostShapes       = 6    // fleets
	mostSimulated    = 8    // instances
	openSpread       = 0.35 // half interval of a rate by a computed queue, of its distance to the capacity,
	leastOpen        = 0.10 // which is taken for this share of the rate at least
	openReach        = 4.0  // percentiles up to so many times the limit say how it follows the mean
	scatterFactor    = 1.6  // over the bootstrap's, which sees four or five minutes of a step
	bracketShape     = 0.25 // share of the bracket that the curve between two steps may be off by
	leastCrossing    = 0.04 // relative, on each side of a rate between two steps
	crossingDown     = 0.8  // of the half interval, below, and
	crossingUp       = 1.15 // above: log latency is convex in the rate, so that a straight line errs to the low side
	bootstrapRuns    = 400
	bootstrapSeed    = 20

	// Errors.
	onsetRatio   = 0.001
	minOnset     = 1000 // requests per step
	clientErrors = 0.001
	clientGrowth = 1.25 // 4xx share over that at low load, beyond doubt, that rises with the load

	// The next test.
	nextMinutes = 5 // a stage: its first minute is not used
	nextPlateau = 12

	// Memory.
	leakRise   = 0.10 // rise of memory within steps, in all, that is worth a finding
	memoryFull = 0.90
	memoryNear = 0.75 // minute averages peak below the moment of the kill

	// Closed loop.
	closedSlope   = -0.3   // log latency over log rate within steps
	slowAnswers   = 1.10   // latency over the least, from which answers take their time
	leastEven     = 6.0    // degrees of freedom
	clockwork     = 0.5    // variance over mean of the requests of a minute: below, they were spaced evenly
	evenChance    = 0.003  // of independent requests that come so evenly
	evenSure      = 0.0003 // of independent requests that come so evenly, from which nothing else has to speak,
	byTheClock    = 0.05   // unless their variance over mean is below this: sent by the clock
	evenHint      = 0.05   // from which stairs have to speak as well, with a chance of
	stairHint     = 0.01
	evenWeak      = 0.2 // the same, for clearer stairs
	stairSure     = 0.001
	minStairs     = 6
	leastHeldBack = 0.1 // share of the top rate that the requests under way have to cost
	closedR       = -0.5
	minClosed     = 10 // buckets
	defaultTarget = 0.70
)

// minPerMinute is how many requests a minute must hold before its percentile
// means something: below, the p99 of 100 requests is 4 % off and scatters by
// 15 %.
func minPerMinute(percentile string) float64 {
	switch percentile {
	case "p99", "max":
		return 300
	case "p95":
		return 100
	case "p90":
		return 30
	}
	return 10
}

// What describes the curve.
const (
	minShapeSteps = 6    // load steps of different rates
	kneeChance    = 0.01 // of a bend where there is none
)
