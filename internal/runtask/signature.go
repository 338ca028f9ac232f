package runtask

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
)

// signatureHeader carries the signature of the raw body.
const signatureHeader = "X-TFC-Task-Signature"

// Keys are the keys that a request may be signed with: several while a key is being
// replaced, none where signatures are not required.
type Keys [][]byte

// MinKey is the smallest size in bytes of a key. A shorter key could be found by
// trying, by everybody who has seen one signed request.
const MinKey = 32

// CheckKey refuses a key that is too short. The error does not hold it.
func CheckKey(key []byte) error {
	if len(key) < MinKey {
		return fmt.Errorf("the signing key has %d bytes; at least %d are needed (openssl rand -hex 32)", len(key), MinKey)
	}
	return nil
}

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
