// Package secretfile reads the small files that hold secrets: keys, certificates,
// tokens. It takes a path and returns the content, or an error that never quotes
// the content. What a secret is for only the caller knows.
package secretfile
