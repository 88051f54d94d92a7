// Generated from `catalog/waves` by the macro. Do not edit it: run `UPDATE_EXPECT=1 cargo test -p waves-errors-macros`.

/// Why a call of the Waves API failed: Lightning text-to-speech and Pulse speech-to-text, over REST and WebSocket.
///
///
/// The cases of the catalog `waves`.
///
/// | Variant | Status or code | Retry | Summary |
/// | --- | --- | --- | --- |
/// | [`Unauthorized`](Self::Unauthorized) | 401 | never | Missing or invalid `Authorization` header. |
/// | [`Forbidden`](Self::Forbidden) | 403 | never | The key is valid but lacks permission for this resource. |
/// | [`TooManyRequests`](Self::TooManyRequests) | 429 | 5 times | The request exceeded the current rate limit. |
/// | [`InternalServerError`](Self::InternalServerError) | 500 | once | A server-side issue. |
/// | [`NoSuchKey`](Self::NoSuchKey) | `NoSuchKey` | never | The audio object referenced in the request does not exist in storage. |
/// | [`InvalidRequest`](Self::InvalidRequest) | 400 | never | The endpoint rejected a parameter, the audio or the body of the request. |
/// | [`ContentFiltered`](Self::ContentFiltered) | `content_filtered` | never | The service does not synthesize or process this content. |
/// | [`PayloadTooLarge`](Self::PayloadTooLarge) | 413 | never | The audio or the body is larger than the endpoint accepts. |
/// | [`NotFound`](Self::NotFound) | 404 | never | The URL or the resource does not exist. |
/// | [`Conflict`](Self::Conflict) | 409 | never | The request conflicts with the current state: the resource is in use or already exists. |
/// | [`ModelRetired`](Self::ModelRetired) | 410 | never | The model or the endpoint is permanently retired. |
/// | [`RegionNotEnabled`](Self::RegionNotEnabled) | `LANGUAGE_NOT_ENABLED_IN_REGION` | never | The language is not enabled in the region of the response. |
/// | [`InsufficientCredits`](Self::InsufficientCredits) | 402 | never | The workspace has too few credits for this request. |
/// | [`InsufficientQuota`](Self::InsufficientQuota) | `insufficient_quota` | never | The quota of the workspace is used up. |
/// | [`LicenseExpired`](Self::LicenseExpired) | `LICENSE_EXPIRED` | never | The license of the on-premises service has expired. |
/// | [`PlanLimit`](Self::PlanLimit) | – | never | The workspace's plan does not include the requested feature, or its quota is used up. |
/// | [`StorageAccessDenied`](Self::StorageAccessDenied) | `AccessDenied` | never | The storage service denies access to the audio. |
/// | [`ServiceUnavailable`](Self::ServiceUnavailable) | 503 | 5 times | The service, or a part of it, is temporarily unavailable. |
/// | [`RequestTimeout`](Self::RequestTimeout) | 408 | 5 times | The request did not arrive in time, arrived too early, or was abandoned by the client. |
/// | [`OperationTimeout`](Self::OperationTimeout) | `voice_clone_timeout` | never | The service cancelled an operation that took too long. |
/// | [`VoiceCloneError`](Self::VoiceCloneError) | `voice_clone_error` | never | The voice could not be cloned from this sample. |
/// | [`ToolResponseTimeout`](Self::ToolResponseTimeout) | `tool_response_timeout` | never | The program did not send the result of a tool call in time. |
/// | [`NotConnected`](Self::NotConnected) | – | 5 times | The connection could not be established: nothing was sent. |
/// | [`NotProcessed`](Self::NotProcessed) | – | 5 times | The request was refused before it was processed. |
/// | [`NoAnswer`](Self::NoAnswer) | – | 3 times, if idempotent | The request was sent, but no complete response arrived. |
/// | [`GatewayRefusal`](Self::GatewayRefusal) | – | never | A gateway in front of the service refused the request. |
/// | [`ConcurrencyLimit`](Self::ConcurrencyLimit) | – | 5 times | The workspace has more open sockets than its limit allows. |
/// | [`ServerFull`](Self::ServerFull) | `server_full` | 6 times | The server has no capacity for another session. |
/// | [`IdleTimeout`](Self::IdleTimeout) | – | never | The service closed a socket that was idle for too long. |
/// | [`ConnectionLost`](Self::ConnectionLost) | – | 5 times | The socket closed before the conversation was complete. |
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::cmp::PartialOrd,
    ::core::cmp::Ord,
    ::core::hash::Hash
)]
#[non_exhaustive]
#[allow(clippy::enum_variant_names, clippy::deprecated_semver)]
pub enum WavesError {
    /// Missing or invalid `Authorization` header.
    ///
    /// **Fix.**
    ///
    /// - Confirm the header is `Authorization: Bearer <KEY>` with a single space and no quotes.
    /// - On WebSocket handshakes in browsers, custom headers aren't allowed. Use the `?token=<KEY>` query parameter instead where the endpoint supports it.
    /// - Check the key has not been rotated in the [API Keys dashboard](https://app.smallest.ai/dashboard/api-keys). Rotated keys stop working immediately.
    /// - Verify the key string starts with `sk_` and has no trailing whitespace.
    ///
    /// **Retry.** Never.
    ///
    /// **Page.** [401 Unauthorized](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#401-unauthorized)
    ///
    /// Case `unauthorized`, `catalog/waves/error-reference.toml:91`.
    #[doc(
        alias("401", "authorization", "bearer token", "invalid api key", "unauthorized")
    )]
    Unauthorized,
    /// The key is valid but lacks permission for this resource.
    ///
    /// **Common causes.**
    ///
    /// - Using a key from a different workspace. Each workspace has its own set of keys.
    /// - Key scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).
    /// - Trial or workspace usage limit reached.
    ///
    /// **Fix.** Confirm the key was generated in the intended workspace at [app.smallest.ai/dashboard/api-keys](https://app.smallest.ai/dashboard/api-keys). If limits are the issue, upgrade the workspace or contact support.
    ///
    /// **Retry.** Never.
    ///
    /// **Page.** [403 Forbidden](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#403-forbidden)
    ///
    /// Case `forbidden`, `catalog/waves/error-reference.toml:106`.
    #[doc(alias("403", "forbidden", "usage limit", "wrong workspace"))]
    Forbidden,
    /// The request exceeded the current rate limit.
    ///
    /// **Fix.** Retry with exponential backoff starting at 500 ms, doubling up to 30 s. Respect the `Retry-After` header if present. For sustained higher throughput, contact support to raise the workspace limit.
    ///
    /// **Retry.** Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors `Retry-After` up to 2 min.
    ///
    /// **Page.** [429 Too Many Requests](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#429-too-many-requests)
    ///
    /// **Refined cases.** [`ConcurrencyLimit`](Self::ConcurrencyLimit)
    ///
    /// Case `too-many-requests`, `catalog/waves/error-reference.toml:123`.
    #[doc(
        alias(
            "429",
            "Retry-After",
            "Too Many Requests",
            "rate limit",
            "too-many-requests"
        )
    )]
    TooManyRequests,
    /// A server-side issue. Not caused by the request payload in most cases.
    ///
    /// **Fix.** Retry once after a short delay. If it persists, file a support ticket and include the `x-request-id` value from the response headers so the server-side trace can be located.
    ///
    /// **Retry.** Once, after 500 ms (minus up to 25% jitter); honors `Retry-After` up to 2 min.
    ///
    /// **Page.** [500 Internal Server Error](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#500-internal-server-error)
    ///
    /// Case `internal-server-error`, `catalog/waves/error-reference.toml:138`.
    #[doc(alias("500", "Internal Server Error", "internal-server-error"))]
    InternalServerError,
    /// The audio object referenced in the request does not exist in storage. Most common on Pulse STT pre-recorded uploads.
    ///
    /// **Common causes.**
    ///
    /// - Upload has not finished. The object key becomes available only after the PUT completes; polling immediately after starting an upload can return `NoSuchKey`.
    /// - The key in the request does not match the uploaded object exactly. Keys are case-sensitive.
    /// - The file was deleted or never uploaded.
    ///
    /// **Fix.** Wait for the upload request to return a 2xx before referencing the key. Re-check the exact spelling, case, and extension.
    ///
    /// **Retry.** Never.
    ///
    /// **Page.** [`NoSuchKey` (from pre-recorded uploads)](https://docs.smallest.ai/waves/documentation/troubleshooting/error-reference#nosuchkey-from-pre-recorded-uploads)
    ///
    /// Case `no-such-key`, `catalog/waves/error-reference.toml:150`.
    #[doc(alias("audio not found", "missing object", "no-such-key"))]
    NoSuchKey,
    /// The endpoint rejected a parameter, the audio or the body of the request.
    ///
    /// **Common causes.**
    ///
    /// - A parameter is missing, misspelled or out of range. The response names it in `path`.
    /// - The model does not support the voice or the language.
    /// - The audio cannot be decoded: the container or encoding differs from the one that the request declares, the file is empty, or a frame is too short.
    /// - `eou_timeout_ms` is less than 100 or greater than 10,000.
    ///
    /// **Fix.**
    ///
    /// - Correct the parameter that is named in the message or in `path`.
    /// - Use a voice and a language that are listed for the model.
    /// - Set `eou_timeout_ms` to a value from 100 to 10,000, or omit it.
    /// - Send audio in the encoding and sample rate that the request declares, and check that the file can be played.
    ///
    /// **Retry.** Never.
    ///
    /// Case `invalid-request`, `catalog/waves/requests.toml:24`.
    #[doc(
        alias(
            "400",
            "Bad Request",
            "audio decode",
            "bad request",
            "invalid voice",
            "invalid-request",
            "unsupported format",
            "validation"
        )
    )]
    InvalidRequest,
    /// The service does not synthesize or process this content.
    ///
    /// **Fix.**
    ///
    /// - Change the text, and send it again.
    /// - On a WebSocket, continue: only this turn failed, and the socket stays open.
    ///
    /// **Retry.** Never.
    ///
    /// Case `content-filtered`, `catalog/waves/requests.toml:61`.
    #[doc(alias("content-filtered", "content_filtered", "filtered", "moderation"))]
    ContentFiltered,
    /// The audio or the body is larger than the endpoint accepts.
    ///
    /// **Fix.**
    ///
    /// - Split the recording and send the parts separately.
    /// - Compress the audio (for example as Opus or MP3) or lower its sample rate: 16 kHz is enough for speech.
    /// - For live audio, stream it over a WebSocket instead of uploading it.
    ///
    /// **Retry.** Never.
    ///
    /// Case `payload-too-large`, `catalog/waves/requests.toml:74`.
    #[doc(
        alias(
            "250 MB",
            "413",
            "Content Too Large",
            "file size",
            "payload-too-large",
            "too large"
        )
    )]
    PayloadTooLarge,
    /// The URL or the resource does not exist.
    ///
    /// **Common causes.**
    ///
    /// - The path is misspelled or lacks the version, or the method is wrong.
    /// - The voice, dictionary or job was deleted, or belongs to another workspace.
    /// - A HEAD request to a storage URL: a response without a body cannot contain `NoSuchKey`.
    ///
    /// **Fix.**
    ///
    /// - Compare the method and the path with the reference of the endpoint.
    /// - List the resources of the key's workspace and use an id from that list.
    /// - Send a GET request to see the code of the storage service.
    ///
    /// **Retry.** Never.
    ///
    /// Case `not-found`, `catalog/waves/requests.toml:93`.
    #[doc(alias("404", "Not Found", "not-found", "unknown endpoint", "unknown id"))]
    NotFound,
    /// The request conflicts with the current state: the resource is in use or already exists.
    ///
    /// **Fix.**
    ///
    /// - Change or remove the resources that the response names, then send the request again.
    ///
    /// **Retry.** Never.
    ///
    /// Case `conflict`, `catalog/waves/requests.toml:110`.
    #[doc(alias("409", "already exists", "conflict", "in use"))]
    Conflict,
    /// The model or the endpoint is permanently retired.
    ///
    /// **Fix.**
    ///
    /// - Use the endpoint in `recommended_endpoint`, or the model that the message names.
    /// - For a WebSocket, change the URL of the handshake: it is refused before any frame.
    ///
    /// **Retry.** Never.
    ///
    /// Case `model-retired`, `catalog/waves/requests.toml:119`.
    #[doc(
        alias(
            "410",
            "Gone",
            "MODEL_DEPRECATED",
            "deprecated model",
            "model-retired",
            "retired endpoint"
        )
    )]
    ModelRetired,
    /// The language is not enabled in the region of the response.
    ///
    /// **Common causes.**
    ///
    /// - The language is available only in other regions or on request.
    /// - The request names no language, and the default language is not enabled in this region.
    ///
    /// **Fix.**
    ///
    /// - Ask support to enable the language for the workspace, and include the `region` of the response.
    /// - Set `language` to the language of the audio.
    ///
    /// **Retry.** Never.
    ///
    /// Case `region-not-enabled`, `catalog/waves/requests.toml:134`.
    #[doc(
        alias(
            "LANGUAGE_NOT_ENABLED_IN_REGION",
            "language not enabled",
            "region",
            "region-not-enabled"
        )
    )]
    RegionNotEnabled,
    /// The workspace has too few credits for this request.
    ///
    /// **Fix.**
    ///
    /// - Add credits to the workspace, or wait for the next renewal of its allowance.
    /// - If the balance is sufficient, check that the key belongs to the workspace that was paid for.
    ///
    /// **Retry.** Never.
    ///
    /// Case `insufficient-credits`, `catalog/waves/requests.toml:153`.
    #[doc(
        alias(
            "402",
            "Payment Required",
            "balance",
            "credits",
            "insufficient-credits",
            "payment required"
        )
    )]
    InsufficientCredits,
    /// The quota of the workspace is used up. Unlike a rate limit, it does not recover after a delay.
    ///
    /// **Fix.**
    ///
    /// - Wait until the quota renews, or upgrade the plan of the workspace.
    /// - Check in the dashboard which key uses the quota.
    ///
    /// **Retry.** Never.
    ///
    /// Case `insufficient-quota`, `catalog/waves/requests.toml:165`.
    #[doc(alias("insufficient-quota", "insufficient_quota", "quota", "usage limit"))]
    InsufficientQuota,
    /// The license of the on-premises service has expired. The API key is not the cause.
    ///
    /// **Fix.**
    ///
    /// - Renew the license, and restart the service with the new one.
    /// - Until then, no request succeeds: do not retry.
    ///
    /// **Retry.** Never.
    ///
    /// Case `license-expired`, `catalog/waves/requests.toml:177`.
    #[doc(alias("LICENSE_EXPIRED", "license", "license-expired", "on-premises"))]
    LicenseExpired,
    /// The workspace's plan does not include the requested feature, or its quota is used up.
    ///
    /// **Fix.**
    ///
    /// - Upgrade the plan of the workspace.
    /// - Or delete resources that you no longer need, such as a cloned voice, and send the request again.
    ///
    /// **Retry.** Never.
    ///
    /// Case `plan-limit`, `catalog/waves/requests.toml:189`.
    #[doc(alias("clone limit", "plan-limit", "subscription", "upgrade"))]
    PlanLimit,
    /// The storage service denies access to the audio. The key of the Waves API is not the cause.
    ///
    /// **Common causes.**
    ///
    /// - The signed URL has expired, or was changed after it was signed.
    /// - The object does not exist. The storage service reveals this only to callers that are allowed to list the bucket.
    /// - The bucket's policy denies read access to the caller.
    ///
    /// **Fix.**
    ///
    /// - Sign the URL again with a longer validity, and send it unchanged.
    /// - Check with the owner's credentials that an object with exactly this key exists.
    /// - Allow read access in the bucket's policy, or upload the audio with the request.
    ///
    /// **Retry.** Never.
    ///
    /// Case `storage-access-denied`, `catalog/waves/requests.toml:215`.
    #[doc(
        alias(
            "AccessDenied",
            "expired link",
            "s3 403",
            "signed url",
            "storage-access-denied"
        )
    )]
    StorageAccessDenied,
    /// The service, or a part of it, is temporarily unavailable.
    ///
    /// **Fix.**
    ///
    /// - Retry with exponential backoff starting at 1 s, doubling up to 30 s.
    /// - If it lasts for more than a few minutes, look for an announced outage, and file a support ticket with the `x-request-id` of one response.
    ///
    /// **Retry.** Up to 5 times, after 1 s, 2 s, 4 s, 8 s, 16 s (minus up to 25% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `service-unavailable`, `catalog/waves/service.toml:38`.
    #[doc(
        alias(
            "503",
            "Service Unavailable",
            "bad gateway",
            "gateway timeout",
            "maintenance",
            "outage",
            "service-unavailable"
        )
    )]
    ServiceUnavailable,
    /// The request did not arrive in time, arrived too early, or was abandoned by the client.
    ///
    /// **Common causes.**
    ///
    /// - The upload was too slow, or the connection was idle for too long before the request was complete (408).
    /// - The request was sent as TLS early data, which an attacker can replay (425).
    /// - The client closed the connection before the response arrived; proxies log this as 499.
    ///
    /// **Fix.**
    ///
    /// - Retry with exponential backoff starting at 1 s.
    /// - Send a smaller or compressed body, or use a faster connection.
    /// - Increase the timeout of the client.
    ///
    /// **Retry.** Up to 5 times, after 1 s, 2 s, 4 s, 8 s, 16 s (minus up to 25% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `request-timeout`, `catalog/waves/service.toml:58`.
    #[doc(
        alias(
            "408",
            "Request Timeout",
            "client closed request",
            "request timeout",
            "request-timeout",
            "too early"
        )
    )]
    RequestTimeout,
    /// The service cancelled an operation that took too long.
    ///
    /// **Fix.**
    ///
    /// - List the voices of the workspace before you repeat the operation: it may have finished, and repeating it would create a second voice.
    /// - Use a shorter or smaller sample, which takes less time.
    ///
    /// **Retry.** Never.
    ///
    /// Case `operation-timeout`, `catalog/waves/service.toml:79`.
    #[doc(
        alias("clone timed out", "operation-timeout", "timed out", "voice_clone_timeout")
    )]
    OperationTimeout,
    /// The voice could not be cloned from this sample.
    ///
    /// **Common causes.**
    ///
    /// - The sample contains noise, music, several speakers, or too little speech.
    ///
    /// **Fix.**
    ///
    /// - Use a cleaner sample: one speaker, no music, no background noise. The same sample fails again.
    ///
    /// **Retry.** Never.
    ///
    /// Case `voice-clone-error`, `catalog/waves/service.toml:91`.
    #[doc(
        alias("clone failed", "voice cloning", "voice-clone-error", "voice_clone_error")
    )]
    VoiceCloneError,
    /// The program did not send the result of a tool call in time.
    ///
    /// **Fix.**
    ///
    /// - Send the result sooner, or send an intermediate result and continue afterward.
    /// - The socket stays open: send the next event.
    ///
    /// **Retry.** Never.
    ///
    /// Case `tool-response-timeout`, `catalog/waves/service.toml:101`.
    #[doc(
        alias(
            "function call",
            "tool call",
            "tool-response-timeout",
            "tool_response_timeout"
        )
    )]
    ToolResponseTimeout,
    /// The connection could not be established: nothing was sent.
    ///
    /// **Common causes.**
    ///
    /// - The machine is offline, or the host name cannot be resolved.
    /// - A proxy or a firewall refuses the connection, or presents a certificate that the program does not trust.
    /// - The service is restarting.
    ///
    /// **Fix.**
    ///
    /// - Check that the machine can reach the host, for example with `curl -v` and the URL of the request.
    /// - A retry is safe, and helps if the cause is temporary.
    ///
    /// **Retry.** Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `not-connected`, `catalog/waves/service.toml:114`.
    #[doc(alias("connection refused", "dns", "not-connected", "offline", "tls"))]
    NotConnected,
    /// The request was refused before it was processed.
    ///
    /// **Common causes.**
    ///
    /// - The server closes the connection, for example because it restarts (HTTP/2 `GOAWAY`).
    /// - The connection has too many streams (HTTP/2 `REFUSED_STREAM`).
    /// - The client itself rejects requests, because too many are in progress.
    ///
    /// **Fix.**
    ///
    /// - A retry is safe: nothing was processed.
    /// - Limit the number of concurrent requests.
    ///
    /// **Retry.** Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `not-processed`, `catalog/waves/service.toml:134`.
    #[doc(alias("goaway", "load shedding", "not-processed", "refused stream"))]
    NotProcessed,
    /// The request was sent, but no complete response arrived.
    ///
    /// **Common causes.**
    ///
    /// - The operation takes longer than the client's timeout.
    /// - The connection was closed between the client and the service.
    ///
    /// **Fix.**
    ///
    /// - Increase the timeout, send less text or audio per request, or use the streaming endpoint, whose first bytes arrive early.
    /// - The request may have been processed. Retry it only if processing it twice is harmless; wait 500 ms before the first retry.
    ///
    /// **Retry.** Idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 50% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `no-answer`, `catalog/waves/service.toml:153`.
    #[doc(alias("connection reset", "cut off", "no-answer", "timeout"))]
    NoAnswer,
    /// A gateway in front of the service refused the request. It never reached the service, so the API key is not the cause.
    ///
    /// **Common causes.**
    ///
    /// - The address or the region of the client is blocked, for example because it belongs to a VPN or a data center.
    /// - A rule of the firewall matches the request, for example its `User-Agent` or its body.
    ///
    /// **Fix.**
    ///
    /// - Send the request from another network.
    /// - Send it with another `User-Agent`, and with a smaller body, to find the part that is refused.
    /// - If it persists, contact support with the `cf-ray` header of the response.
    ///
    /// **Retry.** Never.
    ///
    /// Case `gateway-refusal`, `catalog/waves/service.toml:170`.
    #[doc(alias("1020", "blocked", "cloudflare", "firewall", "gateway-refusal"))]
    GatewayRefusal,
    /// The workspace has more open sockets than its limit allows.
    ///
    /// **Fix.**
    ///
    /// - Close unused sockets, and use one socket for several utterances.
    /// - Retry with exponential backoff starting at 500 ms, doubling up to 30 s: capacity is freed when another socket closes.
    /// - For more concurrent sockets, contact support to raise the workspace limit.
    ///
    /// **Retry.** Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors `Retry-After` up to 2 min.
    ///
    /// **Parent case.** [`TooManyRequests`](Self::TooManyRequests)
    ///
    /// Case `concurrency-limit`, `catalog/waves/websocket.toml:23`.
    #[doc(alias("1008", "concurrency-limit", "concurrent connections"))]
    ConcurrencyLimit,
    /// The server has no capacity for another session.
    ///
    /// **Fix.**
    ///
    /// - Open the socket again after 1 s, doubling up to 60 s: another server may have capacity.
    ///
    /// **Retry.** Up to 6 times, after 1 s, 2 s, 4 s, 8 s, 16 s, 32 s (minus up to 50% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `server-full`, `catalog/waves/websocket.toml:50`.
    #[doc(alias("1013", "at capacity", "server-full", "server_full", "try again later"))]
    ServerFull,
    /// The service closed a socket that was idle for too long.
    ///
    /// **Fix.**
    ///
    /// - Open a socket when there is something to send, and close it afterward.
    /// - To keep it open, send data that the endpoint accepts, such as silent audio.
    ///
    /// **Retry.** Never.
    ///
    /// Case `idle-timeout`, `catalog/waves/websocket.toml:67`.
    #[doc(alias("1000", "idle", "idle-timeout"))]
    IdleTimeout,
    /// The socket closed before the conversation was complete.
    ///
    /// **Common causes.**
    ///
    /// - The server shuts down or restarts (1001, 1012), or has an internal error (1011). A gateway received no valid response from the server (1014).
    /// - The connection was lost without a close frame (1006).
    /// - In a browser, 1006 before the socket opened can mean any refused handshake, most often because of a wrong key.
    ///
    /// **Fix.**
    ///
    /// - Open a new socket and continue from the last result. Resend everything that was sent after it.
    /// - Repeat the handshake outside the browser, for example with `curl -v`, to see its status.
    ///
    /// **Retry.** Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min.
    ///
    /// Case `connection-lost`, `catalog/waves/websocket.toml:81`.
    #[doc(alias("1006", "1011", "connection-lost", "service restart", "socket closed"))]
    ConnectionLost,
}
#[allow(deprecated)]
const _: () = {
    use crate::__private as __waves_errors;
    static TABLE: __waves_errors::Table<'static> = __waves_errors::Table::new(
        "\
65waves]R1\\3;/error_code5/code;/error/code;/error/type=/error/*/code>/errors/*/codeS1/response/status_detail\
s/error/codeV1;/error/code5/code;/error_code7/statusb38/message>/error/message6/error7/errors@/error/*/messag\
eA/errors/*/messageV1/response/status_details/error/message=<x-request-idN;/request_idA/error/request_idO;ret\
ry-after0000</retry_after00c1a1_10\\1c?c?k?k?l?l?m?m?]@]@^@^@_@_@`@`@b@b@fBfBgBgB0nEP3n267/statusc23400340134\
0234033404340834093410341334153422342935003502350335045error6failed5false?>65/type65error@?66/event65error[2Y\
265/codeP23400340134023403340434083409341034133415342234293500350235033504c1886/error291U1<R1P166/errorG01030\
.05false4none4null`4:88/message291?<=<68/message10A<?>65/code6103200<<:987/status:<8785/type;<9886/event;<988\
6/error=<;:88/success@<>=8;/session_id@<>=8;/transcriptA@8>/error/messageCB8@/error/*/messageDC8A/errors/*/me\
ssageU2=8;/error/codeD<BA6;/error/code3010P1<NM67/statusC320032062ok7successU2=8;/error_codeD<BA6;/error_code\
3010P1<NM67/statusC320032062ok7successb1F65/type>=response.doneJ6@/response/status76failedX1J68/message?>sock\
et timeout<<:987/statusZ1=authorization76Bearer43sk_>5token7api_keyXGi34text4ssml=transcription:transcript;tr\
anscripts?full_transcript:utterances5words5audio4data5input6prompt8messages7contentn;<content-type>content-le\
ngth@content-encodingAtransfer-encoding4date;retry-after6server:user-agent6accept?accept-encoding?accept-lang\
uage=accept-ranges=cache-control:connection7upgrade3via4vary@www-authenticate4host6origin<x-request-id>x-work\
space-id@x-amz-request-id:x-amz-id-2@x-amzn-requestid6cf-rayAx-ratelimit-limitEx-ratelimit-remainingAx-rateli\
mit-resetEsec-websocket-version[75model8language5voice8voice_id;sample_rate8encoding7timeout9tokenizer:reques\
t_id6format=output_format5speed4page5limit6offset:token_type:expires_in7expires?x-amz-algorithm:x-amz-date=x-\
amz-expiresCx-amz-signedheaders2sv2se2st2sr2sp3sprc2a2\\2https://docs.smallest.ai/waves/documentation/trouble\
shooting/error-reference000h4f44onced?XOd?1j71PVe30:rate-limitd?`n1`YM5j71PVe306outageXO`n1`YM5j71PVe309recon\
nectd?`n1`YM5d?1PVe306resendd?`n1`YM3d?1PVe318capacityXO`n1Pcj16d?1PVe30j:h:6ticketa1Include \
these details whenever you open a ticket:l8d1The `x-request-id` header from the failing \
response.;:request-idT2The exact HTTP method, URL, and a redacted copy of the request \
body.H6method3url<request-bodyMThe response status and body.E6status=response-bodye1The \
workspace ID and the approximate timestamp (UTC).?9workspace4timef400000SC0007Q0005Y000ca000Q2100AH1002N100MU\
100>a100Yf100;n100@:200`@200cF200mL200BS200I`2007j200Y6300b=300LD300\\J300DV300ea300Pk300U;400kC400WH4009N400\
PiBi1401 Unauthorized: Missing or invalid Authorization header<unauthorizeda<000<Unauthorized@401 \
UnauthorizedZ1Missing or invalid `Authorization` header.1@401-unauthorized0WP1;header-formf2Confirm \
the header is `Authorization: Bearer <KEY>` with a single space and no quotes.d2Confirm \
the header is Authorization: Bearer <KEY> with a single space and no quotes.Bbearer-well-formed0Abrowser-hand\
shakeb4On WebSocket handshakes in browsers, custom headers aren't allowed. Use the \
`?token=<KEY>` query parameter instead where the endpoint supports it.`4On WebSocket \
handshakes in browsers, custom headers aren't allowed. Use the ?token=<KEY> query \
parameter instead where the endpoint supports it.S1browser-websocket-without-query-key07rotatedb4Check \
the key has not been rotated in the [API Keys dashboard](https://app.smallest.ai/dashboard/api-keys). \
Rotated keys stop working immediately.a4Check the key has not been rotated in the \
API Keys dashboard <https://app.smallest.ai/dashboard/api-keys>. Rotated keys stop \
working immediately.008key-formW2Verify the key string starts with `sk_` and has \
no trailing whitespace.U2Verify the key string starts with sk_ and has no trailing \
whitespace.?key-well-formed0[1?invalid api key=authorization<bearer token20V2403 \
Forbidden: The key is valid but lacks permission for this resource9forbiddenc<0009Forbidden=403 \
Forbiddenh1The key is valid but lacks permission for this resource.1=403-forbiddeng8?other-workspace_2Using \
a key from a different workspace. Each workspace has its own set of keys.000=other-productf2Key \
scoped to a different product (for example, an Atoms key on a Waves TTS endpoint).000;usage-limitW1Trial \
or workspace usage limit reached.0Bplan-words-in-body0b;9workspace\\4Confirm the \
key was generated in the intended workspace at [app.smallest.ai/dashboard/api-keys](https://app.smallest.ai/d\
ashboard/api-keys).n2Confirm the key was generated in the intended workspace at app.smallest.ai/dashboard/api\
-keys.0N?other-workspace=other-product6limitsR2If limits are the issue, upgrade the \
workspace or contact support.00<;usage-limitL?wrong workspace;usage limit20R2429 \
Too Many Requests: The request exceeded the current rate limitAtoo-many-requests]=020?TooManyRequestsE429 \
Too Many Requests\\1The request exceeded the current rate limit.1E429-too-many-requests0k87backoffW2Retry \
with exponential backoff starting at 500 ms, doubling up to 30 s.000;retry-after\\1Respect \
the `Retry-After` header if present.Z1Respect the Retry-After header if present.00;raise-limit^2For \
sustained higher throughput, contact support to raise the workspace limit.000G:rate \
limit;Retry-After20^1500 Internal Server Error: A server-side issueEinternal-server-errord?010CInternalServer\
ErrorI500 Internal Server ErrorU2A server-side issue. Not caused by the request payload \
in most cases.1I500-internal-server-error0]:4onceORetry once after a short delay.0006ticket]4If \
it persists, file a support ticket and include the `x-request-id` value from the \
response headers so the server-side trace can be located.[4If it persists, file a \
support ticket and include the x-request-id value from the response headers so the \
server-side trace can be located.00020[3NoSuchKey (from pre-recorded uploads): The \
audio object referenced in the request does not exist in storage;no-such-key09NoSuchKey009NoSuchKeyW1`NoSuchK\
ey` (from pre-recorded uploads)d3The audio object referenced in the request does \
not exist in storage. Most common on Pulse STT pre-recorded uploads.1S1nosuchkey-from-pre-recorded-uploadsX@:\
unfinishedl4Upload has not finished. The object key becomes available only after \
the PUT completes; polling immediately after starting an upload can return `NoSuchKey`.j4Upload \
has not finished. The object key becomes available only after the PUT completes; \
polling immediately after starting an upload can return NoSuchKey.Aupload-unfinished08mismatchk2The \
key in the request does not match the uploaded object exactly. Keys are case-sensitive.0Cobject-key-mismatch0\
7deletedW1The file was deleted or never uploaded.000[54waitW2Wait for the upload \
request to return a 2xx before referencing the key.00;:unfinished7rechecka1Re-check \
the exact spelling, case, and extension.00A8mismatch7deletedO>missing object?audio \
not found20h2Invalid request: The endpoint rejected a parameter, the audio or the \
body of the request?invalid-request`<000>InvalidRequest?Invalid requestX2The endpoint \
rejected a parameter, the audio or the body of the request.00WB9parameterd2A parameter \
is missing, misspelled or out of range. The response names it in `path`.b2A parameter \
is missing, misspelled or out of range. The response names it in path.00;combinatione1The \
model does not support the voice or the language.0005audiob4The audio cannot be decoded: \
the container or encoding differs from the one that the request declares, the file \
is empty, or a frame is too short.000@end-of-utterancei1`eou_timeout_ms` is less \
than 100 or greater than 10,000.g1eou_timeout_ms is less than 100 or greater than \
10,000.V1query\neou_timeout_ms\noutside\n100\n100000R@4pathP2Correct the parameter \
that is named in the message or in `path`.n1Correct the parameter that is named in \
the message or in path.0:9parameter4pairi1Use a voice and a language that are listed \
for the model.00<;combination<millisecondso1Set `eou_timeout_ms` to a value from \
100 to 10,000, or omit it.m1Set eou_timeout_ms to a value from 100 to 10,000, or \
omit it.0A@end-of-utterance8reencode\\3Send audio in the encoding and sample rate \
that the request declares, and check that the file can be played.0065audioU2;bad \
request:validationBunsupported format=invalid voice<audio decode20Y2content_filtered: \
The service does not synthesize or process this content@content-filtered0@content_filtered00?ContentFilteredB\
`content_filtered`h1The service does not synthesize or process this content.000X48rephraseS1Change \
the text, and send it again.0006socket[2On a WebSocket, continue: only this turn \
failed, and the socket stays open.000D:moderation8filtered10`2413 Content Too Large: \
The audio or the body is larger than the endpoint acceptsApayload-too-largem<000?PayloadTooLargeE413 \
Content Too Largej1The audio or the body is larger than the endpoint accepts.000]70b1Split \
the recording and send the parts separately.0000V3Compress the audio (for example \
as Opus or MP3) or lower its sample rate: 16 kHz is enough for speech.0000S2For live \
audio, stream it over a WebSocket instead of uploading it.000K9too large9file size6250 \
MB20e1404 Not Found: The URL or the resource does not exist9not-foundd<0008NotFound=404 \
Not FoundW1The URL or the resource does not exist.00e:4pathT2The path is misspelled \
or lacks the version, or the method is wrong.0002idZ2The voice, dictionary or job \
was deleted, or belongs to another workspace.0004headf2A HEAD request to a storage \
URL: a response without a body cannot contain `NoSuchKey`.d2A HEAD request to a storage \
URL: a response without a body cannot contain NoSuchKey.00a77compareS2Compare the \
method and the path with the reference of the endpoint.0054path4listW2List the resources \
of the key's workspace and use an id from that list.0032id3getj1Send a GET request \
to see the code of the storage service.0054headL@unknown endpoint:unknown id20T3409 \
Conflict: The request conflicts with the current state: the resource is in use or \
already exists8conflicti<0008Conflict<409 Conflictg2The request conflicts with the \
current state: the resource is in use or already exists.000j20d2Change or remove \
the resources that the response names, then send the request again.000F6in use>already \
exists20j1410 Gone: The model or the endpoint is permanently retired=model-retiredj<000<ModelRetired8410 \
Gonea1The model or the endpoint is permanently retired.000^8;recommended`2Use the \
endpoint in `recommended_endpoint`, or the model that the message names.^2Use the \
endpoint in recommended_endpoint, or the model that the message names.007socketsa2For \
a WebSocket, change the URL of the handshake: it is refused before any frame.000c1@deprecated \
model@retired endpoint@MODEL_DEPRECATED20i2LANGUAGE_NOT_ENABLED_IN_REGION: The language \
is not enabled in the region of the responseBregion-not-enabled0NLANGUAGE_NOT_ENABLED_IN_REGION00@RegionNotEn\
abledP1`LANGUAGE_NOT_ENABLED_IN_REGION`j1The language is not enabled in the region \
of the response.00\\55othern1The language is available only in other regions or on \
request.0007defaultf2The request names no language, and the default language is not \
enabled in this region.000e93asko2Ask support to enable the language for the workspace, \
and include the `region` of the response.m2Ask support to enable the language for \
the workspace, and include the region of the response.065other4name\\1Set `language` \
to the language of the audio.Z1Set language to the language of the audio.087defaultLDlanguage \
not enabled6region20X2402 Payment Required: The workspace has too few credits for \
this requestDinsufficient-creditsb<000CInsufficientCreditsD402 Payment Requiredc1The \
workspace has too few credits for this request.000d50\\2Add credits to the workspace, \
or wait for the next renewal of its allowance.0000l2If the balance is sufficient, \
check that the key belongs to the workspace that was paid for.000Q1@payment required7balance7credits20i1insuf\
ficient_quota: The quota of the workspace is used upBinsufficient-quota0Binsufficient_quota00AInsufficientQuo\
taD`insufficient_quota`n2The quota of the workspace is used up. Unlike a rate limit, \
it does not recover after a delay.000n30R2Wait until the quota renews, or upgrade \
the plan of the workspace.0000`1Check in the dashboard which key uses the quota.000B5quota;usage \
limit20a2LICENSE_EXPIRED (on-premises): The license of the on-premises service has \
expired?license-expired0?LICENSE_EXPIRED00>LicenseExpiredO`LICENSE_EXPIRED` (on-premises)a2The \
license of the on-premises service has expired. The API key is not the cause.000f30l1Renew \
the license, and restart the service with the new one.0000^1Until then, no request \
succeeds: do not retry.000D7license;on-premises20P3Plan limit: The workspace's plan \
does not include the requested feature, or its quota is used up:plan-limit00009PlanLimit:Plan \
limite2The workspace's plan does not include the requested feature, or its quota \
is used up.000^40R1Upgrade the plan of the workspace.0000P3Or delete resources that \
you no longer need, such as a cloned voice, and send the request again.000Q1;clone \
limit7upgrade<subscription20[2AccessDenied (from storage): The storage service denies \
access to the audioEstorage-access-denied0<AccessDenied00CStorageAccessDeniedM`AccessDenied` \
(from storage)j2The storage service denies access to the audio. The key of the Waves \
API is not the cause.00Y87expiredo1The signed URL has expired, or was changed after \
it was signed.0006hidden`3The object does not exist. The storage service reveals \
this only to callers that are allowed to list the bucket.0006policye1The bucket's \
policy denies read access to the caller.000e84signQ2Sign the URL again with a longer \
validity, and send it unchanged.0087expired5check_2Check with the owner's credentials \
that an object with exactly this key exists.0076hidden5allow_2Allow read access in \
the bucket's policy, or upload the audio with the request.0076policyO:signed url<expired \
link6s3 40320]2Service unavailable: The service, or a part of it, is temporarily \
unavailableCservice-unavailableg?030BServiceUnavailableCService unavailablei1The \
service, or a part of it, is temporarily unavailable.000\\;4waitT2Retry with exponential \
backoff starting at 1 s, doubling up to 30 s.0007persistY4If it lasts for more than \
a few minutes, look for an announced outage, and file a support ticket with the `x-request-id` \
of one response.W4If it lasts for more than a few minutes, look for an announced \
outage, and file a support ticket with the x-request-id of one response.00_1;bad \
gateway?gateway timeout6outage;maintenance10V3Request timeout: The request did not \
arrive in time, arrived too early, or was abandoned by the client?request-timeouth<030>RequestTimeout?Request\
\x20timeoutf2The request did not arrive in time, arrived too early, or was abandoned \
by the client.00Y94slowW3The upload was too slow, or the connection was idle for \
too long before the request was complete (408).0005early[2The request was sent as \
TLS early data, which an attacker can replay (425).0006closedf2The client closed \
the connection before the response arrived; proxies log this as 499.000[65again_1Retry \
with exponential backoff starting at 1 s.00;4slow5early7smallern1Send a smaller or \
compressed body, or use a faster connection.0054slow6longerS1Increase the timeout \
of the client.0076closed`1?request timeout9too earlyEclient closed request10Z2voice_clone_timeout: \
The service cancelled an operation that took too longAoperation-timeout0Cvoice_clone_timeout00@OperationTimeo\
utE`voice_clone_timeout`f1The service cancelled an operation that took too long.000c64lookU4List \
the voices of the workspace before you repeat the operation: it may have finished, \
and repeating it would create a second voice.0007smallerg1Use a shorter or smaller \
sample, which takes less time.000J?clone timed out9timed out20Q2voice_clone_error: \
The voice could not be cloned from this sampleAvoice-clone-error0Avoice_clone_error00?VoiceCloneErrorC`voice_\
clone_error`_1The voice could not be cloned from this sample.00e26sampleY2The sample \
contains noise, music, several speakers, or too little speech.000b37cleanern2Use \
a cleaner sample: one speaker, no music, no background noise. The same sample fails \
again.0076sampleK<clone failed=voice cloning20a2tool_response_timeout: The program \
did not send the result of a tool call in timeEtool-response-timeout0Etool_response_timeout00CToolResponseTim\
eoutG`tool_response_timeout`k1The program did not send the result of a tool call \
in time.000U40^2Send the result sooner, or send an intermediate result and continue \
afterward.0000[1The socket stays open: send the next event.000H9tool call=function \
call10X2No connection: The connection could not be established: nothing was sent=not-connected0040<NotConnect\
ed=No connectionj1The connection could not be established: nothing was sent.00T77networkl1The \
machine is offline, or the host name cannot be resolved.0007blockedX3A proxy or a \
firewall refuses the connection, or presents a certificate that the program does \
not trust.0007restartJThe service is restarting.000T95reachQ3Check that the machine \
can reach the host, for example with `curl -v` and the URL of the request.o2Check \
that the machine can reach the host, for example with curl -v and the URL of the \
request.0@7network7blocked5againe1A retry is safe, and helps if the cause is temporary.0087restartS1Bconnecti\
on refused3dns3tls7offline10n1Not processed: The request was refused before it was \
processed=not-processed0040<NotProcessed=Not processed`1The request was refused before \
it was processed.00\\<8shutdownd2The server closes the connection, for example because \
it restarts (HTTP/2 `GOAWAY`).b2The server closes the connection, for example because \
it restarts (HTTP/2 GOAWAY).007streamsn1The connection has too many streams (HTTP/2 \
`REFUSED_STREAM`).l1The connection has too many streams (HTTP/2 REFUSED_STREAM).004loadU2The \
client itself rejects requests, because too many are in progress.000X45againW1A retry \
is safe: nothing was processed.00F8shutdown7streams4load5fewerX1Limit the number \
of concurrent requests.00=7streams4loadT1>refused stream6goaway=load shedding10S2No \
response: The request was sent, but no complete response arrived9no-answer00508NoAnswer;No \
responseg1The request was sent, but no complete response arrived.00U44slowe1The operation \
takes longer than the client's timeout.0003cutm1The connection was closed between \
the client and the service.000j86longeri3Increase the timeout, send less text or \
audio per request, or use the streaming endpoint, whose first bytes arrive early.0054slow7carefulj3The \
request may have been processed. Retry it only if processing it twice is harmless; \
wait 500 ms before the first retry.0094slow3cutQ17timeout@connection reset7cut off20[2Refused \
by a gateway: A gateway in front of the service refused the request?gateway-refusal0000>GatewayRefusalDRefuse\
d by a gatewaye3A gateway in front of the service refused the request. It never reached \
the service, so the API key is not the cause.00^97address]3The address or the region \
of the client is blocked, for example because it belongs to a VPN or a data center.0005shapee2A \
rule of the firewall matches the request, for example its `User-Agent` or its body.c2A \
rule of the firewall matches the request, for example its User-Agent or its body.00`=7networkV1Send \
the request from another network.0087address5plainm2Send it with another `User-Agent`, \
and with a smaller body, to find the part that is refused.k2Send it with another \
User-Agent, and with a smaller body, to find the part that is refused.065shape6ticketY2If \
it persists, contact support with the `cf-ray` header of the response.W2If it persists, \
contact support with the cf-ray header of the response.0>7address5shapeQ1:cloudflare8firewall7blocked4102010d\
2Concurrency limit reached: The workspace has more open sockets than its limit allowsAconcurrency-limit0023@C\
oncurrencyLimitIConcurrency limit reachedj1The workspace has more open sockets than \
its limit allows.000o85closeP2Close unused sockets, and use one socket for several \
utterances.0004waite3Retry with exponential backoff starting at 500 ms, doubling \
up to 30 s: capacity is freed when another socket closes.0005raiseZ2For more concurrent \
sockets, contact support to raise the workspace limit.000LFconcurrent connections4100810k1Server \
full: The server has no capacity for another session;server-full0;server_full60:ServerFull;Server \
full_1The server has no capacity for another session.000R35againg2Open the socket \
again after 1 s, doubling up to 60 s: another server may have capacity.000Q1;at capacity?try \
again later4101310Y2Closed while idle: The service closed a socket that was idle \
for too long<idle-timeout0000;IdleTimeoutAClosed while idleg1The service closed a \
socket that was idle for too long.000m40V2Open a socket when there is something to \
send, and close it afterward.0000[2To keep it open, send data that the endpoint accepts, \
such as silent audio.000:4idle4100000W2Connection lost: The socket closed before \
the conversation was complete?connection-lost0040>ConnectionLost?Connection lostg1The \
socket closed before the conversation was complete.00`;7restart]4The server shuts \
down or restarts (1001, 1012), or has an internal error (1011). A gateway received \
no valid response from the server (1014).0007networke1The connection was lost without \
a close frame (1006).0007refused^3In a browser, 1006 before the socket opened can \
mean any refused handshake, most often because of a wrong key.0Ibrowser-handshake-refused0P:6resumen2Open \
a new socket and continue from the last result. Resend everything that was sent after \
it.00@7restart7network9handshakeh2Repeat the handshake outside the browser, for example \
with `curl -v`, to see its status.f2Repeat the handshake outside the browser, for \
example with curl -v, to see its status.087refusedX1=socket closed4100641011?service \
restart10PD7100000000000005T000<000000000fG0000000000000000000000000000m@000XO000O0000e1000f6000E?000nE0004:0\
000000000000000000000000000>A000000000000000000b9000ZE000000000000000000000000000000000[=00000000R40000000000\
00000000i4000A>00000000J100000000M:000_:000i;000JC00000000000008C00000000f>0000000000000O6000_0000:?000:@000f\
W0000000000000FE0001P000WR000\\C000\\[000=7000[?000000000000000000D\\00000000>2000PB00000000@R000LT0000000000\
0000000000000K@000000000000000000bD000000000000000000000000000000000h?000<H000HO000AP000nR000aT00000000000000\
000000000[F00000000\\@00000000000000000000000n=00065000000000000000000U>0003G00000000000000000000000000000000\
0kB@60600100=00200900600600000C00:00;00600000800600600600600000000000600600000000C006000006003000006000000000\
0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
0000000000000000000000000000000000000000000000000000000000000000000000000000000000000C00400600B00B00B00600000\
B00B00B00000000000000000000000000000000B00B00B00B00B00B00B00B00B00B00B000000000000000000000000000000000000000\
0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
0000000000000000000000000000000000000000000000000000000B00B00a9P2000J5000P7000BX0005B000NH000?J000\\J000;K000\
XK0007L000TL0003M000RM000hY000QZ000[\\000d2000<3000W3000m3000[5000n5000k7000H8000c8000990001;000P;000YA0000D0\
00gH000@I000RI000eI0003N000ON000oN000DS000OV000mV000MW0000Y000KY000<[000J]0005<000JG000VP000cX000K=000nB000BU\
000R\\000b]000KU000aU0009U0007V000?V000GV000Sl20067604a<a<?invalid_api_key000<unauthorized000Dauthentication_\
error000?INVALID_LICENSE000Gauthentication_required000Eorganization_required000?unauthenticated000001@?3=<una\
uthorized004D422`O>4<unauthorized004G422`OA4?invalid api key004B291>4<unauthorized004E291A4?invalid \
api key0167604c<c<Cmodel_access_denied1009forbidden100Apermission_denied100011=<3:9forbidden014?291;49forbidd\
en014A422`O;49forbidden0267604]=]=Crate_limit_exceeded200CRATE_LIMIT_EXCEEDED200@rate_limit_error200021GF3DCr\
ate_limit_exceeded024I291E4Crate limit exceeded024G291C4Atoo many requests024B422`O<4:rate \
limit024I422`OC4Atoo many requests0367604d?d?>internal_error300Einternal_server_error300>upstream_error300<se\
rver_error303291034K291G4Einternal server error034D291@4>internal error9NoSuchKey400044<;49NoSuchKey056Q2o10l\
1`<`<e<e<f<f<k<k<n<n<o<o<P=P=Q=Q=U=U=V=V=Z=Z=\\=\\=_=_=e?e?i?i?055;:28ZO[O_ObO?invalid_request500?INVALID_REQ\
UEST500@validation_error500=invalid_audio500@AudioDecodeError5007NoAudio500BUNSUPPORTED_FORMAT5009bad_frame50\
0>bad_user_audio500=invalid_event500=invalid_frame500=invalid_query500=invalid_voice500Einvalid_request_error\
503291054H291D4Binvalid input data052FB8@/error/*/message291@content_filtered6000767604m<m<0755422aO>FILE_TOO\
_LARGE700>file_too_large700Apayload_too_large700074G:08`<`<V=V=;49too large0867604d<d<0967604i<i<EVOICE_IN_US\
E_BY_AGENT9000:67604j<j<@MODEL_DEPRECATED:00@model_deprecated:00NLANGUAGE_NOT_ENABLED_IN_REGION;000<67604b<b<\
Dinsufficient_credits<00DINSUFFICIENT_CREDITS<000<4GF4Dinsufficient creditsBinsufficient_quota=00?LICENSE_EXP\
IRED>000?4E291644plan:48requires0?4E291A4?no subscription0?4>604`<`<644plan0?4?604`<`<745plans0?4F604`<`<>4<s\
ubscription0?4I604`<`<745limit947upgrade0?4K604`<`<745limit;49upgrading0?4I604`<`<745quota947upgrade0?4K604`<\
`<745quota;49upgrading0?4I604`<`<745trial947upgrade0?4K604`<`<745trial;49upgrading0?4K604`<`<947account947upg\
rade0?4M604`<`<947upgrade;49workspace0?4H604`<`<@4>please upgrade0?4L604`<`<D4Bconsider \
upgrading0?4D604`<`<<4:upgrade to<AccessDenied@00ESignatureDoesNotMatch@00<ExpiredToken@00BInvalidAccessKeyId\
@000@4?>4<AccessDenied0A6a2_20\\2f?f?g?g?h?h?k?k?l?l?m?m?X@X@Y@Y@Z@Z@[@[@\\@\\@]@]@^@^@_@_@`@`@a@a@b@b@fBfBgB\
gBCSERVICE_UNAVAILABLEA00Cservice_unavailableA00Cupstream_overloadedA000A4I291E4Cservice \
unavailable0B6?>0<h<h<Y=Y=c?c?Cvoice_clone_timeoutC00Avoice_clone_errorD00Etool_response_timeoutE000F75472020\
F55422gO0F6B604`<c?::87CONNECT0F6B604d?gB::87CONNECT0G7437140H7437110H7437130I4J604c<c<B4@error \
code: 10200I4L604c<c<D4Battention required0I4D604c<c<<4:cloudflareIconcurrency_limit_reachedJ000J1ML3JIconcur\
rency_limit_reached0J59422`O33100J4G291C4Aconcurrency limit0J4I422`OC4Aconcurrency \
limit0J4T1291C4Aconcurrency limit<4:rate limit0J4V1422`OC4Aconcurrency limit<4:rate \
limit0J4K604]=]=C4Aconcurrency limit@rate_limit_errorJ0DC4Aconcurrency limit;server_fullK000K55422eO0L4Z1291F\
4Dconnection timed out?4=of inactivity0L4D291@4>socket timeout0M5=<2:YO^OcOdOfO",
    );
    const CATALOG: __waves_errors::Catalog = __waves_errors::Catalog::new(&TABLE);
    #[allow(dead_code)]
    impl WavesError {
        /// All variants, in the catalog's order.
        pub const ALL: &'static [Self] = __waves_errors::all();
        ///The id of the retry policy `once`: once, after 500 ms (minus up to 25% jitter); honors Retry-After up to 2 min.
        pub const POLICY_ONCE: &'static ::core::primitive::str = "once";
        ///The id of the retry policy `rate-limit`: up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors Retry-After up to 2 min.
        pub const POLICY_RATE_LIMIT: &'static ::core::primitive::str = "rate-limit";
        ///The id of the retry policy `outage`: up to 5 times, after 1 s, 2 s, 4 s, 8 s, 16 s (minus up to 25% jitter); honors Retry-After up to 2 min.
        pub const POLICY_OUTAGE: &'static ::core::primitive::str = "outage";
        ///The id of the retry policy `reconnect`: up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors Retry-After up to 2 min.
        pub const POLICY_RECONNECT: &'static ::core::primitive::str = "reconnect";
        ///The id of the retry policy `resend`: idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 50% jitter); honors Retry-After up to 2 min.
        pub const POLICY_RESEND: &'static ::core::primitive::str = "resend";
        ///The id of the retry policy `capacity`: up to 6 times, after 1 s, 2 s, 4 s, 8 s, 16 s, 32 s (minus up to 50% jitter); honors Retry-After up to 2 min.
        pub const POLICY_CAPACITY: &'static ::core::primitive::str = "capacity";
        /// Returns the case of the variant: texts, status and retry policy.
        #[must_use]
        pub const fn to_case(self) -> __waves_errors::Case {
            CATALOG.nth(self as ::core::primitive::u16)
        }
        /// Returns the id, for logs and comparisons.
        #[must_use]
        pub const fn id(self) -> &'static ::core::primitive::str {
            self.to_case().id()
        }
        /// Returns the HTTP status that the case is documented with.
        #[must_use]
        pub const fn status(self) -> ::core::option::Option<::core::primitive::u16> {
            self.to_case().status()
        }
        /// Returns the code that the case is documented with.
        #[must_use]
        pub const fn code(
            self,
        ) -> ::core::option::Option<&'static ::core::primitive::str> {
            self.to_case().code()
        }
        /// Returns the retry policy. Without one, the case is never retried.
        #[must_use]
        pub fn retry(self) -> ::core::option::Option<__waves_errors::Policy> {
            self.to_case().retry()
        }
        /// Returns the variant with this code.
        #[must_use]
        pub fn from_code(code: &::core::primitive::str) -> ::core::option::Option<Self> {
            <Self as __waves_errors::CatalogEnum>::from_case(CATALOG.by_code(code)?)
        }
        /// Returns the variant of a response with this status and without a known code.
        #[must_use]
        pub fn from_status(
            status: ::core::primitive::u16,
        ) -> ::core::option::Option<Self> {
            <Self as __waves_errors::CatalogEnum>::from_case(CATALOG.by_status(status)?)
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for WavesError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.pad(self.to_case().variant())
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Display for WavesError {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.pad(self.to_case().display())
        }
    }
    #[automatically_derived]
    impl ::core::error::Error for WavesError {}
    #[automatically_derived]
    impl ::core::str::FromStr for WavesError {
        type Err = __waves_errors::UnknownCase;
        fn from_str(
            name: &::core::primitive::str,
        ) -> ::core::result::Result<Self, __waves_errors::UnknownCase> {
            let case = CATALOG
                .by_name(name)
                .and_then(<Self as __waves_errors::CatalogEnum>::from_case);
            case.ok_or(__waves_errors::UnknownCase::new(CATALOG))
        }
    }
    #[automatically_derived]
    impl __waves_errors::CatalogError for WavesError {
        fn case(&self) -> ::core::option::Option<__waves_errors::Case> {
            ::core::option::Option::Some(self.to_case())
        }
        fn from_timeout(
            timeout: &__waves_errors::TimedOut,
        ) -> ::core::option::Option<Self> {
            __waves_errors::from_timeout(timeout)
        }
    }
    #[automatically_derived]
    impl ::core::convert::From<WavesError> for __waves_errors::Case {
        fn from(kind: WavesError) -> Self {
            kind.to_case()
        }
    }
    #[automatically_derived]
    impl __waves_errors::CatalogEnum for WavesError {
        const CATALOG: __waves_errors::Catalog = CATALOG;
    }
    #[automatically_derived]
    #[allow(deprecated)]
    impl<Unused> __waves_errors::Variants<Unused> for WavesError {
        const VARIANTS: &'static [Self] = &[
            WavesError::Unauthorized,
            WavesError::Forbidden,
            WavesError::TooManyRequests,
            WavesError::InternalServerError,
            WavesError::NoSuchKey,
            WavesError::InvalidRequest,
            WavesError::ContentFiltered,
            WavesError::PayloadTooLarge,
            WavesError::NotFound,
            WavesError::Conflict,
            WavesError::ModelRetired,
            WavesError::RegionNotEnabled,
            WavesError::InsufficientCredits,
            WavesError::InsufficientQuota,
            WavesError::LicenseExpired,
            WavesError::PlanLimit,
            WavesError::StorageAccessDenied,
            WavesError::ServiceUnavailable,
            WavesError::RequestTimeout,
            WavesError::OperationTimeout,
            WavesError::VoiceCloneError,
            WavesError::ToolResponseTimeout,
            WavesError::NotConnected,
            WavesError::NotProcessed,
            WavesError::NoAnswer,
            WavesError::GatewayRefusal,
            WavesError::ConcurrencyLimit,
            WavesError::ServerFull,
            WavesError::IdleTimeout,
            WavesError::ConnectionLost,
        ];
    }
};
#[doc(hidden)]
#[allow(dead_code, non_camel_case_types)]
type __pages_of_WavesError_cannot_be_in_a_function_body = ();
/// The documented pages of the Waves API's errors.
pub mod reference {
    //!
    //!
    //! The pages of the catalog `waves`.
    pub mod error_reference {
        //! Error reference
        //!
        //! Every Waves REST and WebSocket endpoint returns standard HTTP status codes. Use this page to map a status code to its likely cause and fix. Covers both TTS (Lightning) and STT (Pulse).
        //!
        //! # Common API errors
        //!
        //! - [`WavesError::Unauthorized`](super::super::WavesError::Unauthorized), 401 Unauthorized: Missing or invalid `Authorization` header.
        //! - [`WavesError::Forbidden`](super::super::WavesError::Forbidden), 403 Forbidden: The key is valid but lacks permission for this resource.
        //! - [`WavesError::TooManyRequests`](super::super::WavesError::TooManyRequests), 429 Too Many Requests: The request exceeded the current rate limit.
        //! - [`WavesError::InternalServerError`](super::super::WavesError::InternalServerError), 500 Internal Server Error: A server-side issue. Not caused by the request payload in most cases.
        //!
        //!
        //! # Storage and file errors
        //!
        //! - [`WavesError::NoSuchKey`](super::super::WavesError::NoSuchKey), NoSuchKey (from pre-recorded uploads): The audio object referenced in the request does not exist in storage. Most common on Pulse STT pre-recorded uploads.
        //!
        //!
        //! # When to open a support ticket
        //!
        //! Include these details whenever you open a ticket:
        //!
        //! - The `x-request-id` header from the failing response.
        //! - The exact HTTP method, URL, and a redacted copy of the request body.
        //! - The response status and body.
        //! - The workspace ID and the approximate timestamp (UTC).
        //!
        //! For product-specific troubleshooting (audio quality, WebSocket drops, transcript accuracy), see the feature-level pages:
        //!
        //! - [Pulse STT pre-recorded troubleshooting](https://docs.smallest.ai/waves/documentation/speech-to-text-pulse/pre-recorded/troubleshooting)
        //! - [Pulse STT realtime troubleshooting](https://docs.smallest.ai/waves/documentation/speech-to-text-pulse/realtime-web-socket/troubleshooting)
        //!
        //! # Retry
        //!
        //! | Case | Retry |
        //! | --- | --- |
        //! | 401 Unauthorized | Never. |
        //! | 403 Forbidden | Never. |
        //! | 429 Too Many Requests | Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors `Retry-After` up to 2 min. |
        //! | 500 Internal Server Error | Once, after 500 ms (minus up to 25% jitter); honors `Retry-After` up to 2 min. |
        //! | `NoSuchKey` (from pre-recorded uploads) | Never. |
    }
    pub mod request_errors {
        //! Request errors
        //!
        //! The request must change: an unchanged request fails again. The responses are documented or recorded; the causes and fixes are written for this catalog.
        //!
        //! # Parameters and files
        //!
        //! - [`WavesError::InvalidRequest`](super::super::WavesError::InvalidRequest), Invalid request: The endpoint rejected a parameter, the audio or the body of the request.
        //! - [`WavesError::ContentFiltered`](super::super::WavesError::ContentFiltered), content_filtered: The service does not synthesize or process this content.
        //! - [`WavesError::PayloadTooLarge`](super::super::WavesError::PayloadTooLarge), 413 Content Too Large: The audio or the body is larger than the endpoint accepts.
        //! - [`WavesError::NotFound`](super::super::WavesError::NotFound), 404 Not Found: The URL or the resource does not exist.
        //! - [`WavesError::Conflict`](super::super::WavesError::Conflict), 409 Conflict: The request conflicts with the current state: the resource is in use or already exists.
        //!
        //!
        //! # Models and regions
        //!
        //! - [`WavesError::ModelRetired`](super::super::WavesError::ModelRetired), 410 Gone: The model or the endpoint is permanently retired.
        //! - [`WavesError::RegionNotEnabled`](super::super::WavesError::RegionNotEnabled), LANGUAGE_NOT_ENABLED_IN_REGION: The language is not enabled in the region of the response.
        //!
        //!
        //! # Plans and credits
        //!
        //! - [`WavesError::InsufficientCredits`](super::super::WavesError::InsufficientCredits), 402 Payment Required: The workspace has too few credits for this request.
        //! - [`WavesError::InsufficientQuota`](super::super::WavesError::InsufficientQuota), insufficient_quota: The quota of the workspace is used up. Unlike a rate limit, it does not recover after a delay.
        //! - [`WavesError::PlanLimit`](super::super::WavesError::PlanLimit), Plan limit: The workspace's plan does not include the requested feature, or its quota is used up.
        //! - [`WavesError::LicenseExpired`](super::super::WavesError::LicenseExpired), LICENSE_EXPIRED (on-premises): The license of the on-premises service has expired. The API key is not the cause.
        //!
        //!
        //! # Storage
        //!
        //! - [`WavesError::StorageAccessDenied`](super::super::WavesError::StorageAccessDenied), AccessDenied (from storage): The storage service denies access to the audio. The key of the Waves API is not the cause.
        //!
        //!
        //! # Retry
        //!
        //! | Case | Retry |
        //! | --- | --- |
        //! | Invalid request | Never. |
        //! | `content_filtered` | Never. |
        //! | 413 Content Too Large | Never. |
        //! | 404 Not Found | Never. |
        //! | 409 Conflict | Never. |
        //! | 410 Gone | Never. |
        //! | `LANGUAGE_NOT_ENABLED_IN_REGION` | Never. |
        //! | 402 Payment Required | Never. |
        //! | `insufficient_quota` | Never. |
        //! | Plan limit | Never. |
        //! | `LICENSE_EXPIRED` (on-premises) | Never. |
        //! | `AccessDenied` (from storage) | Never. |
    }
    pub mod service_and_network_errors {
        //! Service and network errors
        //!
        //! The request is valid. Whether a retry is safe depends on how far the request got: one that was never sent can always be repeated, but one without a response may have been processed.
        //!
        //! # The service
        //!
        //! - [`WavesError::ServiceUnavailable`](super::super::WavesError::ServiceUnavailable), Service unavailable: The service, or a part of it, is temporarily unavailable.
        //! - [`WavesError::RequestTimeout`](super::super::WavesError::RequestTimeout), Request timeout: The request did not arrive in time, arrived too early, or was abandoned by the client.
        //! - [`WavesError::OperationTimeout`](super::super::WavesError::OperationTimeout), voice_clone_timeout: The service cancelled an operation that took too long.
        //! - [`WavesError::VoiceCloneError`](super::super::WavesError::VoiceCloneError), voice_clone_error: The voice could not be cloned from this sample.
        //! - [`WavesError::ToolResponseTimeout`](super::super::WavesError::ToolResponseTimeout), tool_response_timeout: The program did not send the result of a tool call in time.
        //!
        //!
        //! # The network
        //!
        //! - [`WavesError::NotConnected`](super::super::WavesError::NotConnected), No connection: The connection could not be established: nothing was sent.
        //! - [`WavesError::NotProcessed`](super::super::WavesError::NotProcessed), Not processed: The request was refused before it was processed.
        //! - [`WavesError::NoAnswer`](super::super::WavesError::NoAnswer), No response: The request was sent, but no complete response arrived.
        //! - [`WavesError::GatewayRefusal`](super::super::WavesError::GatewayRefusal), Refused by a gateway: A gateway in front of the service refused the request. It never reached the service, so the API key is not the cause.
        //!
        //!
        //! # Retry
        //!
        //! | Case | Retry |
        //! | --- | --- |
        //! | Service unavailable | Up to 5 times, after 1 s, 2 s, 4 s, 8 s, 16 s (minus up to 25% jitter); honors `Retry-After` up to 2 min. |
        //! | Request timeout | Up to 5 times, after 1 s, 2 s, 4 s, 8 s, 16 s (minus up to 25% jitter); honors `Retry-After` up to 2 min. |
        //! | `voice_clone_timeout` | Never. |
        //! | `voice_clone_error` | Never. |
        //! | `tool_response_timeout` | Never. |
        //! | No connection | Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min. |
        //! | Not processed | Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min. |
        //! | No response | Idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 50% jitter); honors `Retry-After` up to 2 min. |
        //! | Refused by a gateway | Never. |
    }
    pub mod web_socket_errors {
        //! WebSocket errors
        //!
        //! A refused handshake is an HTTP response and is listed under its status. Once the socket is open, the service reports errors in a frame, in the close that follows, or in both.
        //!
        //! # Limits
        //!
        //! - [`WavesError::ConcurrencyLimit`](super::super::WavesError::ConcurrencyLimit), Concurrency limit reached: The workspace has more open sockets than its limit allows.
        //! - [`WavesError::ServerFull`](super::super::WavesError::ServerFull), Server full: The server has no capacity for another session.
        //!
        //!
        //! # Ends
        //!
        //! - [`WavesError::IdleTimeout`](super::super::WavesError::IdleTimeout), Closed while idle: The service closed a socket that was idle for too long.
        //! - [`WavesError::ConnectionLost`](super::super::WavesError::ConnectionLost), Connection lost: The socket closed before the conversation was complete.
        //!
        //!
        //! # Retry
        //!
        //! | Case | Retry |
        //! | --- | --- |
        //! | Concurrency limit reached | Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors `Retry-After` up to 2 min. |
        //! | Server full | Up to 6 times, after 1 s, 2 s, 4 s, 8 s, 16 s, 32 s (minus up to 50% jitter); honors `Retry-After` up to 2 min. |
        //! | Closed while idle | Never. |
        //! | Connection lost | Up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 50% jitter); honors `Retry-After` up to 2 min. |
    }
    const _: super::__pages_of_WavesError_cannot_be_in_a_function_body = ();
}
