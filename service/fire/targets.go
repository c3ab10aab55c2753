package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"
)

// secureTarget is a daemon with TLS whose clients need no certificates.
func (f *fire) secureTarget() (*target, error) {
	s, err := f.newSecured()
	if err != nil {
		return nil, err
	}
	d, err := f.started("tls", s.serverOnly()...)
	return &target{daemon: d, tls: s.trust()}, err
}

// mutualTarget is a daemon whose clients need certificates. Calm ones have them.
func (f *fire) mutualTarget() (*target, error) {
	s, err := f.newSecured()
	if err != nil {
		return nil, err
	}
	d, err := f.started("mtls", s.flags()...)
	return &target{daemon: d, tls: s.client, authority: s.authority}, err
}

// goodToken is the one in the file.
const goodToken = "fire-5f0c2f2a9d6b"

// The issuer and the audience of signed tokens.
const (
	issuer   = "https://issuer.example"
	audience = "cbcerr"
)

// tokenTarget is a daemon whose clients need tokens. Calm ones have the one in the file.
func (f *fire) tokenTarget() (*target, error) {
	d, err := f.daemon("tokens")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(goodToken))
	tokens, err := f.writeFile("tokens.txt", fmt.Appendf(nil, "calm sha256:%s\n", hex.EncodeToString(sum[:])))
	if err != nil {
		return nil, err
	}
	signer, err := newSigner("ours")
	if err != nil {
		return nil, err
	}
	keys, err := f.writeFile(filepath.Base("jwks.json"), signer.jwks())
	if err != nil {
		return nil, err
	}
	d.args = append(d.args, "--auth-tokens", tokens, "--auth-jwks", keys, "--auth-issuer", issuer, "--auth-audience", audience)
	return &target{daemon: d, token: goodToken, signer: signer}, d.start()
}

// A signer signs tokens (RFC 7519) with ES256.
type signer struct {
	id  string
	key *ecdsa.PrivateKey
}

func newSigner(id string) (*signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &signer{id, key}, err
}

// jwks is the public key as a set of keys (RFC 7517).
func (s *signer) jwks() []byte {
	point, err := s.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		panic(err) // cannot happen: the key was made for this
	}
	return asJSON(map[string]any{"keys": []any{map[string]string{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": s.id, "x": base64URL(point[1:33]), "y": base64URL(point[33:]),
	}}})
}

// token is a token for the audience that ends after a time, which may have passed.
func (s *signer) token(audience string, lasts time.Duration) (string, error) {
	head := base64URL(asJSON(map[string]string{"alg": "ES256", "typ": "JWT", "kid": s.id}))
	claims := base64URL(asJSON(map[string]any{
		"iss": issuer, "aud": audience, "sub": "fire", "iat": time.Now().Add(-2 * time.Hour).Unix(), "exp": time.Now().Add(lasts).Unix(),
	}))
	sum := sha256.Sum256([]byte(head + "." + claims))
	r, w, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	w.FillBytes(signature[32:])
	return head + "." + claims + "." + base64URL(signature), nil
}

// unsigned is a token that claims to need no signature.
func unsigned() string {
	claims := asJSON(map[string]any{"iss": issuer, "aud": audience, "sub": "fire", "exp": time.Now().Add(time.Hour).Unix()})
	return base64URL([]byte(`{"alg":"none"}`)) + "." + base64URL(claims) + "."
}

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func asJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // cannot happen: maps of text and numbers have JSON
	}
	return text
}
