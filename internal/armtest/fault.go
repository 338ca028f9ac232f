package armtest

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"regexp"
	"time"
)

// Fault is a failure of chosen requests.
type Fault struct {
	// Method, empty for all; Path is searched for in the path of the URL, nil
	// for all.
	Method string
	Path   *regexp.Regexp
	// Nth is the first matching request that fails, from 1. Default 1.
	Nth int
	// Times is how many fail from there: 0 means one, -1 all.
	Times int
	// Probability, when not 0, lets only this share of them fail, by
	// Options.Seed.
	Probability float64

	// Status with Code and Message is an error answer in ARM's envelope.
	Status        int
	Code, Message string
	Header        map[string]string
	// Body replaces the envelope: HTML of a proxy, broken JSON.
	Body []byte
	// Prefix stands before the usual answer, such as a byte order mark, and leaves
	// the rest of it as it is.
	Prefix []byte
	Reset  bool // the connection is reset
	Hang   bool // no answer until the client gives up
	// Delay passes before the answer, through Options.Sleep. Alone it leaves the
	// answer as it is.
	Delay time.Duration
	// After lets the request take effect first, so that only its answer is lost.
	After bool

	seen, done int
}

func (f Fault) replaces() bool { return f.Status != 0 || f.Reset || f.Hang || f.Body != nil }

// Inject adds a fault. The first one that matches a request decides.
func (s *Server) Inject(f Fault) {
	if f.Nth == 0 {
		f.Nth = 1
	}
	if f.Times == 0 {
		f.Times = 1
	}
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults takes back all faults.
func (s *Server) ClearFaults() {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	s.faults = nil
}

func (s *Server) fault(r *http.Request) *Fault {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	for _, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || f.Path != nil && !f.Path.MatchString(r.URL.Path) {
			continue
		}
		f.seen++
		if f.seen < f.Nth || f.Times > 0 && f.done >= f.Times {
			continue
		}
		if f.Probability > 0 && s.random.Float64() >= f.Probability {
			continue
		}
		f.done++
		found := *f
		return &found
	}
	return nil
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, index int, f Fault) {
	switch {
	case f.Hang:
		s.answered(index, -1)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Reset:
		s.answered(index, -1)
		reset(w)
	default:
		answer := response{status: f.Status, raw: f.Body, header: http.Header{}}
		if answer.status == 0 {
			answer.status = http.StatusOK
		}
		if answer.raw == nil {
			code := f.Code
			if code == "" {
				code = http.StatusText(answer.status)
			}
			raw, err := json.Marshal(failure(answer.status, code, "%s", f.Message).body)
			if err != nil {
				panic(err)
			}
			answer.raw = raw
		}
		for key, value := range f.Header {
			answer.header.Set(key, value)
		}
		s.write(w, r, index, answer)
	}
}

// reset closes the connection with RST.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	raw := conn
	if secure, isTLS := conn.(*tls.Conn); isTLS {
		raw = secure.NetConn()
	}
	if tcp, isTCP := raw.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = raw.Close()
}
