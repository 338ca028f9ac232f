// Command gatebench measures the plan gate against its peers, each as a process
// of its own, on the same generated file and in the same run.
//
// In come the numbers of a plan and the program to measure; out come the times
// and the peak memory of each, and the ratios between them, medians of several
// rounds. With -write it only leaves the plan.
//
// It judges nothing, and no test may depend on its figures.
package main
