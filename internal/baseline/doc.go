// Package baseline judges postures against published security baselines.
//
// In come a [posture.Cache] and [Options]; out goes a [report.Cache] with the
// verdict on every feature and advisory of the document for the cache's service.
// A [Rule] is one value, in the file of its control or subject: its texts and its
// check. A [Document] is one file: which rules stand in it, and under which
// control, title and severity. Documentation, `redisbaseline explain` and the
// report formats read everything they say from there.
//
// A check is a pure function of the posture. No clock, environment, network,
// door or driver may ever be in here.
package baseline
