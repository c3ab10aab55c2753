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
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// secureTarget is a daemon with TLS whose clients need no certificates.
func (f *fire) secureTarget() (*target, error) {
	s, err := f.newSecured()
	if err != nil {
		return nil, err
	}
	trusting, err := s.authority.Client(nil)
	if err != nil {
		return nil, err
	}
	d, err := f.started("tls", s.serverOnly()...)
	return &target{daemon: d, tls: trusting}, err
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
	set, err := signer.jwks()
	if err != nil {
		return nil, err
	}
	keys, err := f.writeFile("jwks.json", set)
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
func (s *signer) jwks() ([]byte, error) {
	return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: s.id, Use: "sig"}}})
}

// token is a token for the audience that ends after a time, which may have passed.
func (s *signer) token(audience string, lasts time.Duration) (string, error) {
	made, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.key, KeyID: s.id}}, nil)
	if err != nil {
		return "", err
	}
	return jwt.Signed(made).Claims(claims(audience, lasts)).Serialize()
}

func claims(audience string, lasts time.Duration) jwt.Claims {
	return jwt.Claims{
		Issuer: issuer, Audience: jwt.Audience{audience}, Subject: "fire",
		IssuedAt: jwt.NewNumericDate(time.Now().Add(-2 * time.Hour)), Expiry: jwt.NewNumericDate(time.Now().Add(lasts)),
	}
}

// unsigned is a token that claims to need no signature.
func unsigned() (string, error) {
	said, err := json.Marshal(claims(audience, time.Hour))
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(said) + ".", err
}
