package armtest

import "net/http"

func (s *Server) resourceGraph(r *http.Request, body object) response { return badRequest("later") }
