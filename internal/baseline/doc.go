// Package baseline judges postures against a security baseline.
//
// In come a [posture.Cache] and [Options]; out goes a [report.Cache] with the
// verdict on every feature and advisory. The catalogue is data: each feature and
// each advisory is ONE value, in the file of its control, and everything that
// documentation, `redisbaseline explain` and the report formats say about it
// is read from that value.
//
// A check is a pure function of the posture. No clock, environment, network,
// door or driver may ever be in here.
package baseline
