package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// signers are the keys that tokens are signed with, and what the tokens must say (RFC 7519).
type signers struct {
	keys     jose.JSONWebKeySet
	expected jwt.Expected
}

// Issuer is who must have issued signed tokens, and for whom.
type Issuer struct{ Name, Audience string }

// algorithms are those of public keys only: a key in a file that many can read must not be able to sign.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}

// leeway is how far the clocks of an issuer and ours may be apart.
const leeway = 30 * time.Second

// UseSigned takes the public keys of an issuer as a JSON Web Key Set (RFC 7517). Each needs a kid of its own, which the tokens name.
// Keys to encrypt with are passed over, and those of a kind that is not known (section 5): nobody can sign with them here.
func (t *Tokens) UseSigned(file []byte, issuer Issuer) error {
	s := &signers{expected: jwt.Expected{Issuer: issuer.Name}}
	if issuer.Audience != "" {
		s.expected.AnyAudience = jwt.Audience{issuer.Audience}
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(file, &set); err != nil {
		return fmt.Errorf("no JSON Web Key Set: %w", err)
	}
	for i, text := range set.Keys {
		if err := s.add(text); err != nil {
			return fmt.Errorf("keys[%d]: %w", i, err)
		}
	}
	if len(s.keys.Keys) == 0 {
		return errors.New("there is no key to verify with in it")
	}
	t.signed.Store(s)
	return nil
}

func (s *signers) add(text []byte) error {
	var key jose.JSONWebKey
	err := key.UnmarshalJSON(text)
	switch {
	case errors.Is(err, jose.ErrUnsupportedKeyType), err == nil && key.Use == "enc":
		return nil
	case err != nil:
		return fmt.Errorf("no JSON Web Key: %w", err)
	case !key.IsPublic() || !key.Valid():
		return errors.New("not a public key")
	case key.KeyID == "":
		return errors.New("it has no kid, by which tokens name their key")
	case len(s.keys.Key(key.KeyID)) > 0:
		return errors.New("another key has the same kid")
	}
	s.keys.Keys = append(s.keys.Keys, key)
	return nil
}

// client is the subject of a token that is signed, meant for us, and not out of date.
func (s *signers) client(token string) (string, error) {
	parsed, err := jwt.ParseSigned(token, algorithms())
	if err != nil {
		return "", errors.New("the token is not a JWT that is signed with a public key's algorithm")
	}
	var claims jwt.Claims
	if err := parsed.Claims(&s.keys, &claims); err != nil {
		return "", errors.New("no key in use has signed the token")
	}
	if err := claims.ValidateWithLeeway(s.expected.WithTime(time.Now()), leeway); err != nil {
		return "", fmt.Errorf("the token is refused: %s", invalid(err))
	}
	if claims.Expiry == nil || claims.Subject == "" {
		return "", errors.New("the token is refused: it needs an exp and a sub")
	}
	return claims.Subject, nil
}

// invalid says what is wrong with the claims, and nothing of what they hold.
func invalid(err error) string {
	for fault, said := range map[error]string{
		jwt.ErrExpired: "it has expired", jwt.ErrNotValidYet: "it is not valid yet", jwt.ErrIssuedInTheFuture: "it was issued in the future",
		jwt.ErrInvalidIssuer: "its issuer is another", jwt.ErrInvalidAudience: "its audience is another",
	} {
		if errors.Is(err, fault) {
			return said
		}
	}
	return "its claims do not hold"
}
