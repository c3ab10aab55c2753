package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/testca"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// badCertificates shows certificates that nobody should take, on both ports, again and again.
func badCertificates(ctx context.Context, t *target) (string, error) {
	configs, err := badConfigs(t)
	if err != nil {
		return "", err
	}
	n := 0
	for ctx.Err() == nil {
		for name, config := range configs {
			for _, address := range []string{t.grpc, t.rest} {
				taken, err := handshake(address, config)
				if err == nil && taken {
					err = errors.New("it was taken")
				}
				if err != nil {
					return "", fmt.Errorf("%s: %w", name, err)
				}
				n++
			}
		}
	}
	return fmt.Sprintf("%d handshakes that failed", n), some(int64(n), "handshake was begun")
}

// badConfigs are clients with certificates that nobody should take.
func badConfigs(t *target) (map[string]*tls.Config, error) {
	other, err := testca.New("somebody else")
	if err != nil {
		return nil, err
	}
	foreign, err1 := other.Issue("foreign", 7, time.Hour)
	expired, err2 := t.authority.Issue("expired", 8, -time.Hour)
	selfSigned, err3 := other.Own()
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	configs := map[string]*tls.Config{}
	for name, shown := range map[string]*testca.Pair{"none": nil, "of another authority": &foreign, "expired": &expired, "self-signed": &selfSigned} {
		if configs[name], err = t.authority.Client(shown); err != nil {
			return nil, err
		}
	}
	return configs, nil
}

// handshake tells whether a client is served: in TLS 1.3 it hears only afterwards that it is not. Not to be reached, and not to be told, is no
// refusal.
func handshake(address string, config *tls.Config) (taken bool, err error) {
	raw, err := dialAttack(context.Background(), address)
	if err != nil {
		return false, err
	}
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(answerWithin))
	config = alpn(config, "h2", "http/1.1")
	config.ServerName, _, _ = net.SplitHostPort(address)
	conn := tls.Client(raw, config)
	if _, err = io.WriteString(conn, "GET /v1/locales HTTP/1.1\r\nHost: x\r\n\r\n"); err == nil {
		_, err = conn.Read(make([]byte, 1))
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return false, err
	}
	return err == nil, nil
}

// badTokens shows tokens that nobody should take, over gRPC and REST, and one that is good.
func badTokens(ctx context.Context, t *target) (string, error) {
	tokens, err := t.badTokens()
	if err != nil {
		return "", err
	}
	conn, err := dialOne(new(attempts), t.grpc, nil, grpc.WithContextDialer(dialAttack))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	client, n := errorv1.NewTranslationServiceClient(conn), 0
	for ctx.Err() == nil {
		for name, header := range tokens {
			want := codes.Unauthenticated
			if name == "good" {
				want = codes.OK
			}
			outgoing, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
			h := http.Header{"Content-Type": {"application/json"}}
			if header != "" {
				outgoing = metadata.AppendToOutgoingContext(outgoing, "authorization", header)
				h.Set("Authorization", header)
			}
			_, err := client.Translate(outgoing, questions()[0].request())
			cancel()
			if status.Code(err) != want || want != codes.OK && infoOf(status.Convert(err)).GetReason() != "UNAUTHENTICATED" {
				return "", fmt.Errorf("%s: gRPC: %w, want %v", name, err, want)
			}
			if err := t.wantREST(h, want == codes.OK); err != nil {
				return "", fmt.Errorf("%s: REST: %w", name, err)
			}
			n += 2
		}
	}
	return fmt.Sprintf("UNAUTHENTICATED and 401, but for the good one, in %d calls", n), some(int64(n), "call was made")
}

func (t *target) wantREST(h http.Header, served bool) error {
	httpStatus, said, err := t.send("/v1/responses:translate", h, []byte(`{"response":{"httpStatus":400,"text":"x"}}`))
	switch {
	case err != nil:
		return err
	case served && httpStatus != http.StatusOK:
		return fmt.Errorf("HTTP %d %.200s, want 200", httpStatus, said)
	case !served && (httpStatus != http.StatusUnauthorized || !strings.Contains(said, "UNAUTHENTICATED") || !strings.Contains(said, "Bearer")):
		return fmt.Errorf("HTTP %d %.200s, want 401 with WWW-Authenticate and the reason", httpStatus, said)
	}
	return nil
}

// badTokens are headers by what is wrong with them; "good" is right.
func (t *target) badTokens() (map[string]string, error) {
	forger, err := newSigner(t.signer.id)
	if err != nil {
		return nil, err
	}
	good, err1 := t.signer.token(audience, time.Hour)
	expired, err2 := t.signer.token(audience, -time.Hour)
	elsewhere, err3 := t.signer.token("somebody else", time.Hour)
	forged, err4 := forger.token(audience, time.Hour)
	bare, err5 := unsigned()
	return map[string]string{
		"good": "Bearer " + good, "expired": "Bearer " + expired, "for another audience": "Bearer " + elsewhere, "forged": "Bearer " + forged,
		"without signature": "Bearer " + bare, "unknown": "Bearer 0123456789", "missing": "", "of another scheme": "Basic " + goodToken,
		"long": "Bearer " + strings.Repeat("a", 12_000),
	}, errors.Join(err1, err2, err3, err4, err5)
}
