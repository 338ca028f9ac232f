package armtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Endpoint is a fake Azure Resource Manager that listens on an address.
type Endpoint struct {
	// URL is https://localhost:PORT, for ARM and for the login host alike.
	URL string
	// CA is the PEM of the certificate to trust, for SSL_CERT_FILE,
	// NODE_EXTRA_CA_CERTS and REQUESTS_CA_BUNDLE.
	CA []byte

	server    *http.Server
	transport *http.Transport
}

// Start listens on a free port of the loopback address with a certificate that
// is made for it alone. Close ends it.
func (s *Server) Start() (*Endpoint, error) { return s.StartAt("127.0.0.1:0") }

// StartAt is Start with an address.
func (s *Server) StartAt(address string) (*Endpoint, error) {
	certificate, ca, err := newCertificate()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	e := &Endpoint{
		URL: "https://localhost:" + port,
		CA:  ca,
		server: &http.Server{
			Handler:   s.Handler(),
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}},
			// What clients do to connections in tests is not worth a line.
			ErrorLog: log.New(io.Discard, "", 0),
		},
		transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 64},
	}
	go func() {
		if err := e.server.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}()
	return e, nil
}

// StartTLS is Start for a test: it ends with the test.
func (s *Server) StartTLS(t TB) *Endpoint {
	t.Helper()
	e, err := s.Start()
	if err != nil {
		t.Fatalf("start the fake ARM: %v", err)
	}
	t.Cleanup(e.Close)
	return e
}

// Client is a client that trusts the endpoint and nobody else.
func (e *Endpoint) Client() *http.Client { return &http.Client{Transport: e.transport} }

// Close ends all connections and stops listening.
func (e *Endpoint) Close() {
	_ = e.server.Close()
	e.transport.CloseIdleConnections()
}

// newCertificate makes a self-signed certificate.
func newCertificate() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "armtest"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(7 * 24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), nil
}
