package service

import "strings"

// UnjudgedTypes are the ARM types of Redis that no document covers; every type has
// one today.
var UnjudgedTypes []string

// Unjudged returns an ARM type of Redis that no document covers, without its
// api-version and in its canonical spelling, and whether it is one.
func Unjudged(armType string) (string, bool) {
	name, _, _ := strings.Cut(armType, "@")
	for _, t := range UnjudgedTypes {
		if strings.EqualFold(name, t) {
			return t, true
		}
	}
	return "", false
}
