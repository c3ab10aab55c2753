package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// A jwtVerifier verifies signed tokens (RFC 7519) with the keys of one issuer.
type jwtVerifier struct {
	keys     jose.JSONWebKeySet
	expected jwt.Expected
}

// Issuer is the iss that signed tokens must have, and the aud that they must name.
type Issuer struct{ Name, Audience string }

// signatureAlgorithms returns the algorithms with public keys. With a symmetric one, the key file could sign tokens.
func signatureAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}

// clockLeeway is the accepted difference between the issuer's clock and the server's.
const clockLeeway = 30 * time.Second

// SetJWKS sets the public keys of an issuer from a JSON Web Key Set (RFC 7517). Each key needs a unique kid. SetJWKS skips
// encryption keys and keys of unknown types (section 5). On an error the current keys stay in use.
func (t *Tokens) SetJWKS(file []byte, issuer Issuer) error {
	v := &jwtVerifier{expected: jwt.Expected{Issuer: issuer.Name}}
	if issuer.Audience != "" {
		v.expected.AnyAudience = jwt.Audience{issuer.Audience}
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(file, &set); err != nil {
		return fmt.Errorf("not a JSON Web Key Set: %w", err)
	}
	for i, text := range set.Keys {
		if err := v.addKey(text); err != nil {
			return fmt.Errorf("keys[%d]: %w", i, err)
		}
	}
	if len(v.keys.Keys) == 0 {
		return errors.New("no verification key in the set")
	}
	t.signed.Store(v)
	return nil
}

func (v *jwtVerifier) addKey(text []byte) error {
	var key jose.JSONWebKey
	err := key.UnmarshalJSON(text)
	switch {
	case errors.Is(err, jose.ErrUnsupportedKeyType), err == nil && key.Use == "enc":
		return nil
	case err != nil:
		return fmt.Errorf("not a JSON Web Key: %w", err)
	case !key.IsPublic() || !key.Valid():
		return errors.New("not a public key")
	case key.KeyID == "":
		return errors.New("the key has no kid")
	case len(v.keys.Key(key.KeyID)) > 0:
		return errors.New("another key has the same kid")
	}
	v.keys.Keys = append(v.keys.Keys, key)
	return nil
}

// verify returns the subject of a valid token.
func (v *jwtVerifier) verify(token string) (subject string, err error) {
	parsed, err := jwt.ParseSigned(token, signatureAlgorithms())
	if err != nil {
		return "", errors.New("the token is not a JWT signed with an asymmetric algorithm")
	}
	var claims jwt.Claims
	if err := parsed.Claims(&v.keys, &claims); err != nil {
		return "", errors.New("no known key has signed the token")
	}
	if err := claims.ValidateWithLeeway(v.expected.WithTime(time.Now()), clockLeeway); err != nil {
		return "", fmt.Errorf("invalid token: %s", claimsMessage(err))
	}
	if claims.Expiry == nil || claims.Subject == "" {
		return "", errors.New("invalid token: it needs an exp and a sub")
	}
	return claims.Subject, nil
}

// claimsMessage returns the message of invalid claims, without their values.
func claimsMessage(err error) string {
	for target, message := range map[error]string{
		jwt.ErrExpired: "expired", jwt.ErrNotValidYet: "not valid yet", jwt.ErrIssuedInTheFuture: "issued in the future",
		jwt.ErrInvalidIssuer: "wrong issuer", jwt.ErrInvalidAudience: "wrong audience",
	} {
		if errors.Is(err, target) {
			return message
		}
	}
	return "invalid claims"
}
