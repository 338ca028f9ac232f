package runtask

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
)

// signatureHeader carries the signature of the raw body.
const signatureHeader = "X-TFC-Task-Signature"

// Keys are the keys that a request may be signed with: several while a key is
// being replaced, none where signatures are not asked for.
type Keys [][]byte

// Verify reports whether signature is the lowercase or uppercase hex HMAC-SHA512
// of body under one of the keys. Every key is tried, so that the time taken
// does not tell which one fits.
func (k Keys) Verify(body []byte, signature string) bool {
	got, err := hex.DecodeString(signature)
	if err != nil || len(got) != sha512.Size {
		return false
	}
	fits := false
	for _, key := range k {
		if hmac.Equal(Sign(key, body), got) {
			fits = true
		}
	}
	return fits
}

// Sign returns the HMAC-SHA512 of body.
func Sign(key, body []byte) []byte {
	mac := hmac.New(sha512.New, key)
	mac.Write(body) // never fails
	return mac.Sum(nil)
}
