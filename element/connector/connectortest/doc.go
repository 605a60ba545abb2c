// Package connectortest is for tests: a shorthand for connectors, of which the
// XML is mostly the same.
//
// Each line is one item of a connector; the element around the items (Params,
// Triggers, …) comes by itself:
//
//	connection 1 "Device" websocket timeout=1000 retries=1
//	param 10 read string "Log" save
//	param 11 write number "Level" "How loud it is" setter
//	param 12 fixed string "Ask" value="ask"
//	param 1000 array "Ports" column=1001 column=1002:retrieved:;save
//	command 1 text 12
//	response 1 10
//	pair 1 command 1 response 1
//	group 1 poll pair 1
//	timer 1 5000 group 1
//	trigger 1 on parameter 11 change action 1
//	action 1 on parameter 10 "copy reverse" Type@id=11
//
// A text with spaces, and a name, stands in quotes as in Go. Items that have no
// name here are called by their first letter and their number (t1).
//
//	connection ID "NAME" websocket|http, then settings: timeout= retries= port=
//	           bus= slowPoll= slowPollBase= pingInterval= elementTimeout=
//	           handshake= status= make
//	param      ID TYPE string|number "NAME" ["DESCRIPTION"], then save, setter,
//	           value= (fixed, as long as it is), raw= and length= (fixed),
//	           column=PID[:TYPE[:OPTIONS]]; an array has neither string nor number
//	command    ID [text|binary] PARAM…
//	response   ID PARAM…
//	pair       ID command ID [response ID…]
//	group      ID [TYPE] pair|session|action|trigger ID…
//	timer      ID MS group ID…
//	trigger    ID [on KIND [ID]] [TIME] action|trigger ID…
//	action     ID on KIND [ID] TYPE
//
// What has no word of its own is named as in the connector language, at the end
// of the line: @ATTRIBUTE=, CHILD=, CHILD/CHILD=, CHILD@ATTRIBUTE= set an
// attribute or the text of a child:
//
//	param 14 read number "Gain" Display/Units=dB Interprete/DefaultValue=3
//	group 1 poll pair 1 @connection=0 Condition="id:7 == 1"
//
// XML remains possible: a line that begins with < is what it is. One item in XML
// may stand among others, on one line; whole sections (<Params>…</Params>) on as
// many as they like.
//
// A line becomes one line of XML, so that findings name the lines as they stand.
package connectortest
