package cli

import (
	"crypto/x509"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// trustRoots sets root certificates for a system that has none, such as an image
// that holds only this program. Certificates of the system, or of SSL_CERT_FILE,
// come first.
var trustRoots = sync.OnceFunc(func() { x509.SetFallbackRoots(bundledRoots()) })

// bundledRoots are the certificates that Mozilla trusts, as of the build.
func bundledRoots() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil: // this version of Go cannot read it
		case root.Constraint != nil:
			pool.AddCertWithConstraint(certificate, root.Constraint)
		default:
			pool.AddCert(certificate)
		}
	}
	return pool
}
