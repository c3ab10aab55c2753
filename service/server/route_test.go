package server_test

import "testing"

func TestRouteThatIsNoUTF8(t *testing.T) {
	t.Parallel()
	a, err := start(t).send("GET", "/v1/%FF", "")
	if err != nil || a.http != 404 {
		t.Errorf("%d, %v, want 404", a.http, err)
	}
	wantInfo(t, a.err(), "METHOD_NOT_FOUND")
}
