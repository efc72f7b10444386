package main

import "time"

// consentRow is a record of the consent snapshot in the nested layout of XDM.
type consentRow struct {
	ProfileID string    `parquet:"profile_id"`
	Consents  *consents `parquet:"consents,optional"`
}

type (
	consents struct {
		Collect     *value     `parquet:"collect,optional"`
		Share       *value     `parquet:"share,optional"`
		Personalize *content   `parquet:"personalize,optional"`
		Marketing   *marketing `parquet:"marketing,optional"`
		// Namespace, then id.
		IDSpecific map[string]map[string]ofAddress `parquet:"idSpecific,optional"`
		Metadata   *metadata                       `parquet:"metadata,optional"`
	}
	value struct {
		Val string `parquet:"val,optional,dict"`
	}
	content struct {
		Content *value `parquet:"content,optional"`
	}
	answer struct {
		Val    string     `parquet:"val,optional,dict"`
		Time   *time.Time `parquet:"time,optional,timestamp(microsecond)"`
		Reason string     `parquet:"reason,optional,dict"`
	}
	marketing struct {
		Preferred  string         `parquet:"preferred,optional,dict"`
		Any        *answer        `parquet:"any,optional"`
		Email      *channelAnswer `parquet:"email,optional"`
		SMS        *answer        `parquet:"sms,optional"`
		Push       *answer        `parquet:"push,optional"`
		PostalMail *answer        `parquet:"postalMail,optional"`
	}
	channelAnswer struct {
		Val           string                  `parquet:"val,optional,dict"`
		Time          *time.Time              `parquet:"time,optional,timestamp(microsecond)"`
		Reason        string                  `parquet:"reason,optional,dict"`
		Subscriptions map[string]subscription `parquet:"subscriptions,optional"`
	}
	subscription struct {
		Val         string                `parquet:"val,optional,dict"`
		Type        string                `parquet:"type,optional,dict"`
		Topics      []string              `parquet:"topics,optional,list"`
		Subscribers map[string]subscriber `parquet:"subscribers,optional"`
	}
	subscriber struct {
		Time   *time.Time `parquet:"time,optional,timestamp(microsecond)"`
		Source string     `parquet:"source,optional,dict"`
	}
	ofAddress struct {
		Personalize *content         `parquet:"personalize,optional"`
		Marketing   *addressChannels `parquet:"marketing,optional"`
	}
	addressChannels struct {
		Email *timed `parquet:"email,optional"`
		SMS   *timed `parquet:"sms,optional"`
		Push  *timed `parquet:"push,optional"`
	}
	timed struct {
		Val  string     `parquet:"val,optional,dict"`
		Time *time.Time `parquet:"time,optional,timestamp(microsecond)"`
	}
	metadata struct {
		Time *time.Time `parquet:"time,optional,timestamp(microsecond)"`
	}
)
