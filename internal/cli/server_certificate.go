package cli

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"sync/atomic"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/secretfile"
)

// certificate is the TLS certificate of the service, from two files that can be
// read again while it serves.
type certificate struct {
	cert, key string
	current   atomic.Pointer[tls.Certificate]
}

// read reads both files. An error names the file at fault, and the certificate that
// was read before stays.
func (c *certificate) read() error {
	chain, err := secretfile.Read(c.cert)
	if err != nil {
		return inputError(c.cert, bareError(err))
	}
	key, err := secretfile.Read(c.key)
	if err != nil {
		return inputError(c.key, bareError(err))
	}
	if block, _ := pem.Decode(key); block == nil {
		return inputError(c.key, errors.New("holds no private key in PEM"))
	}
	if block, _ := pem.Decode(chain); block == nil {
		return inputError(c.cert, errors.New("holds no certificate in PEM"))
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return inputError(c.cert+" with "+c.key, err)
	}
	c.current.Store(&pair)
	return nil
}

// config is a TLS configuration with the certificate that was read last.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}
