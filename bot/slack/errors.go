package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

// untilMended is how long a message waits when somebody has to do something in Slack first.
const untilMended = 5 * time.Minute

// Error codes of Slack's, by what they mean for a message.
var (
	// The place or the person is gone for the bot: no repetition helps.
	goneCodes = []string{
		"channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_disabled", "user_not_in_channel", "user_not_visible",
		"cannot_dm_bot", "messages_tab_disabled", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
		"cannot_reply_to_message", "external_channel_migrating", "team_access_not_granted", "is_inactive", "thread_not_found",
		"method_not_supported_for_channel_type", "slack_connect_file_upload_sharing_blocked", "cant_post_message",
	}
	// Somebody has to mend the installation; the message keeps.
	mendCodes = []string{
		"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "no_permission", "missing_scope", "not_allowed_token_type",
		"org_login_required", "ekm_access_denied", "access_denied", "two_factor_setup_required", "team_added_to_org",
	}
	// Slack says that part of the work may be done.
	doubtCodes = []string{"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
	// Slack is busy, wants it slower, or lost an upload.
	busyCodes = []string{"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited", "file_not_found", "file_update_failed"}
	// What we made cannot be shown; a plainer version can.
	shapeCodes = []string{
		"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_arguments", "invalid_metadata_format",
		"invalid_metadata_schema", "metadata_too_large", "too_many_attachments", "no_text",
	}
)

// code is Slack's error code, "" if err is something else.
func code(err error) string {
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

func is(err error, codes []string) bool { return err != nil && slices.Contains(codes, code(err)) }

// classify says what is to be done about an error of a sending. idempotent is set for what may be repeated at will.
func classify(err error, what string, idempotent bool) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("%s: %w", what, withAdvice(err))
	var limited *slackgo.RateLimitedError
	switch {
	case errors.As(err, &limited):
		return bot.Temporary(wrapped, limited.RetryAfter)
	case is(err, goneCodes):
		return bot.Permanent(wrapped)
	case is(err, mendCodes):
		return bot.Temporary(wrapped, untilMended)
	case is(err, busyCodes), notBegun(err), idempotent:
		return bot.Temporary(wrapped, 0)
	case code(err) != "" && !is(err, doubtCodes):
		return bot.Permanent(wrapped) // Slack understood and refused
	}
	return bot.InDoubt(wrapped)
}

// notBegun reports whether a request ended before anything could be sent.
func notBegun(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	if errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var status slackgo.StatusCodeError
	return errors.As(err, &status) && (status.Code == http.StatusTooManyRequests || status.Code >= 400 && status.Code < 500)
}

// passing reports whether the same question may be answered in a moment.
func passing(err error) bool {
	var limited *slackgo.RateLimitedError
	return errors.As(err, &limited) || code(err) == "" || is(err, doubtCodes) || is(err, busyCodes)
}

// deadly reports whether no new connection can help: the token is no good.
func deadly(err error) bool {
	var status slackgo.StatusCodeError
	return is(err, []string{"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type"}) ||
		errors.As(err, &status) && status.Code == http.StatusNotFound
}

// advice says what to do in Slack about an error code.
var advice = map[string]string{ //nolint:gosec // advice about tokens, no token
	"invalid_auth":           "copy the tokens anew from the app's pages on api.slack.com/apps",
	"not_authed":             "set slack.bot_token and slack.app_token",
	"token_revoked":          "reinstall the app under Install App and copy the new token",
	"token_expired":          "reinstall the app under Install App and copy the new token",
	"account_inactive":       "the app was removed from the workspace: reinstall it under Install App",
	"not_allowed_token_type": "slack.app_token must begin with xapp- and slack.bot_token with xoxb-",
	"missing_scope":          "update the app with `timonel slack manifest` and reinstall it",
	"not_in_channel":         "invite the bot to the channel: /invite @timonel",
	"channel_not_found":      "the channel is gone, or private and without the bot: /invite @timonel",
	"is_archived":            "unarchive the channel, or move the project to another",
	"socket_mode_disabled":   "switch Socket Mode on under Settings → Socket Mode",
	"messages_tab_disabled":  "allow messages under App Home → Messages Tab",
}

// withAdvice adds what to do.
func withAdvice(err error) error {
	var refused slackgo.SlackErrorResponse
	if !errors.As(err, &refused) {
		return err
	}
	if refused.Needed != "" {
		return fmt.Errorf("%w: the scope %s is missing (%s)", err, refused.Needed, advice["missing_scope"])
	}
	if tip := advice[refused.Err]; tip != "" {
		return fmt.Errorf("%w (%s)", err, tip)
	}
	return err
}

// ended reports whether err is only that the caller gave up.
func ended(ctx context.Context, err error) bool { return ctx.Err() != nil && err != nil }
