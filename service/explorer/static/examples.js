// Examples of what users paste. Names are keys of messages.

/** @type {[name: string, text: string][]} */
export const examples = [
  ["body", '{"error_code":"CBC.5003","error_msg":"Insufficient balance."}'],
  ["python", `Traceback (most recent call last):
  File "/app/renew.py", line 41, in <module>
    client.renewal_resources(request)
huaweicloudsdkcore.exceptions.exceptions.ClientRequestException: ClientRequestException - {status_code:400,request_id:0123abcd4567ef890123abcd4567ef89,error_code:CBC.99003651,error_msg:The instance is busy with another job.,encoded_authorization_message:None}`],
  ["curl", `> POST /v2/orders/customer-orders/pay HTTP/2
> Host: bss.myhuaweicloud.com
>
< HTTP/2 429
< content-type: application/json
< retry-after: 5
<
{"error_code":"CBC.0250","error_msg":"Connection request control triggered."}`],
  ["terraform", `\u2577
\u2502 Error: error unsubscribing WAF instance: Bad request with: [POST
\u2502 https://bss.myhuaweicloud.com/v2/orders/subscriptions/resources/unsubscribe],
\u2502 request_id: 0123abcd4567ef890123abcd4567ef89, error message:
\u2502 {"error_code":"CBC.30000067","error_msg":"Unsubscription not supported. This
\u2502 resource has been deleted."}
\u2502
\u2502   with huaweicloud_waf_cloud_instance.main,
\u2575`],
  ["har", `{
  "request": { "method": "POST", "url": "https://bss.myhuaweicloud.com/v2/orders/customer-orders/pay" },
  "response": {
    "status": 403,
    "headers": [{ "name": "content-type", "value": "application/json" }],
    "content": { "mimeType": "application/json", "text": "{\\"error_code\\":\\"CBC.0151\\",\\"error_msg\\":\\"Access denied.\\"}" }
  }
}`],
  ["words", "\u4f59\u989d\u4e0d\u8db3"],
];
