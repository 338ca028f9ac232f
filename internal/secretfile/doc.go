// Package secretfile reads the small files that hold secrets: keys, certificates,
// tokens. It takes a path and returns the content or an error that never quotes
// it; what a secret is for is known to the caller alone.
package secretfile
