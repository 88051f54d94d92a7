//! Retry loops in all common forms, in spawned tasks and in handlers of a server.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use tokio::task::JoinSet;
use waves_errors::reqwest::{ReadChecked, SendChecked};
use waves_errors::{CatalogError, Failure, Retry, WavesError, retry};
use waves_errors_tests::server::{Response, Server};

/// The function of the README, without its options.
async fn borrowed_arguments(client: &reqwest::Client, url: &str, key: &str) -> Result<Bytes, Failure> {
    let body = r#"{"text":"Hello."}"#;
    retry(async || client.post(url).bearer_auth(key).body(body).send_checked().await?.bytes_checked().await).await
}

async fn owned_arguments(client: reqwest::Client, url: String, key: String) -> Result<Bytes, Failure> {
    retry(async || client.post(&url).bearer_auth(&key).send_checked().await?.bytes_checked().await).await
}

async fn plain_closure(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    retry(|| async { client.get(url).send_checked().await?.bytes_checked().await }).await
}

async fn cloned_for_each_attempt(client: reqwest::Client, url: String) -> Result<Bytes, Failure> {
    retry(|| {
        let (client, url) = (client.clone(), url.clone());
        async move { client.get(url).send_checked().await?.bytes_checked().await }
    })
    .await
}

async fn boxed(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    type Boxed<'a> = Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + 'a>>;
    retry(|| -> Boxed<'_> { Box::pin(async { client.get(url).send_checked().await?.bytes_checked().await }) }).await
}

async fn in_a_loop(client: &reqwest::Client, urls: &[String]) -> Result<Bytes, Failure> {
    let mut last = Bytes::new();
    for url in urls {
        last = retry(async || client.get(url).send_checked().await?.bytes_checked().await).await?;
    }
    Ok(last)
}

async fn question_mark_then_ok(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    let status = retry(async || {
        let response = client.get(url).send_checked().await?;
        let status = response.status();
        let _body = response.bytes_checked().await?;
        Ok(status)
    })
    .await?;
    Ok(Bytes::from(status.as_str().to_owned()))
}

async fn changed_before_the_future(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    let mut attempts = 0;
    retry(|| {
        attempts += 1;
        let request = client.get(url).header("x-attempt", attempts);
        async move { request.send_checked().await?.bytes_checked().await }
    })
    .await
}

async fn without_reqwest(text: &str) -> Result<Bytes, Failure> {
    retry(async || Ok(Bytes::from(text.to_owned()))).await
}

async fn with_any_error(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    async fn call<E: CatalogError + From<Failure>>(client: &reqwest::Client, url: &str) -> Result<Bytes, E> {
        Ok(client.get(url).send_checked().await?.bytes_checked().await?)
    }
    Retry::new().run_any(async || call::<Failure>(client, url).await).await
}

async fn with_a_borrowed_timer(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    struct Timer;
    impl Timer {
        async fn sleep(&self, delay: Duration) {
            tokio::time::sleep(delay).await;
        }
    }
    let timer = Timer;
    let limited = || Retry::new().attempt_timeout(Duration::from_secs(60));
    let get = async || client.get(url).send_checked().await?.bytes_checked().await;
    limited().run_with(|delay| timer.sleep(delay), get).await?;
    limited().run_with(async |delay| timer.sleep(delay).await, get).await
}

async fn sent_with_a_state(client: &reqwest::Client, url: &str) -> Result<Bytes, Failure> {
    client.get(url).send_with(Retry::new().max_retries(3)).await?.bytes_checked().await
}

struct App {
    client: reqwest::Client,
    url: String,
}

impl App {
    async fn method(&self) -> Result<Bytes, Failure> {
        retry(async || self.client.get(&self.url).send_checked().await?.bytes_checked().await).await
    }
}

/// Runs each form in `tokio::spawn`, in a `JoinSet` and in a handler of a router. Each has its own path.
macro_rules! spawn_and_route {
    ($app:ident, $tasks:ident, $set:ident, $router:ident, { $($name:literal => $form:expr,)* }) => {$(
        $tasks.push(tokio::spawn({
            let $app = $app(concat!("/task/", $name));
            async move { ($name, $form.await) }
        }));
        $set.spawn({
            let $app = $app(concat!("/set/", $name));
            async move { ($name, $form.await) }
        });
        let handler = {
            let $app = $app(concat!("/route/", $name));
            move || {
                let $app = Arc::clone(&$app);
                async move { $form.await.map_err(|failure| failure.to_string()) }
            }
        };
        $router = $router.route(concat!("/", $name), get(handler));
    )*};
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_operation_can_be_spawned_and_routed() {
    // The server responds to the first request for each path with status 429.
    let server = Server::start(|seen| {
        if seen.nth == 0 { Response::new(429, "").header("retry-after", "0") } else { Response::new(200, "RIFF") }
    });
    let server = server.await.unwrap();
    let client = reqwest::Client::new();
    let app = |path: &str| Arc::new(App { client: client.clone(), url: server.url(path) });
    let (mut tasks, mut set, mut router) = (Vec::new(), JoinSet::new(), Router::new());
    spawn_and_route!(app, tasks, set, router, {
        "borrowed-arguments" => borrowed_arguments(&app.client, &app.url, "key"),
        "owned-arguments" => owned_arguments(app.client.clone(), app.url.clone(), "key".to_owned()),
        "method" => app.method(),
        "plain-closure" => plain_closure(&app.client, &app.url),
        "cloned" => cloned_for_each_attempt(app.client.clone(), app.url.clone()),
        "boxed" => boxed(&app.client, &app.url),
        "written-here" => async {
            let (client, url) = (&app.client, &app.url);
            retry(async || client.get(url).send_checked().await?.bytes_checked().await).await
        },
        "in-a-loop" => in_a_loop(&app.client, &[app.url.clone(), app.url.clone()]),
        "question-mark" => question_mark_then_ok(&app.client, &app.url),
        "changed" => changed_before_the_future(&app.client, &app.url),
        "without-reqwest" => without_reqwest(&app.url),
        "any-error" => with_any_error(&app.client, &app.url),
        "borrowed-timer" => with_a_borrowed_timer(&app.client, &app.url),
        "send-with" => sent_with_a_state(&app.client, &app.url),
    });
    let mut names = Vec::new();
    for task in tasks {
        let (name, result) = task.await.unwrap();
        assert!(result.is_ok(), "{name}");
        names.push(name);
    }
    assert_eq!(names.len(), 14);
    while let Some(joined) = set.join_next().await {
        let (name, result) = joined.unwrap();
        assert!(result.is_ok(), "{name}");
    }
    for name in names.iter().filter(|name| **name != "without-reqwest") {
        let requests = |kind| server.seen().iter().filter(|seen| seen.path == format!("/{kind}/{name}")).count();
        assert!(requests("task") >= 2 && requests("set") >= 2, "{name} was not retried");
    }

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    for name in names {
        let response = client.get(format!("http://{address}/{name}")).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
    }
}

#[test]
fn loops_are_send_if_their_futures_are() {
    fn is_send<T: Send>(_: T) {}
    let limit = &5_u8;
    is_send(retry(async move || if *limit > 9 { Ok(*limit) } else { Err(Failure::of(WavesError::Forbidden)) }));
    is_send(Retry::new().run(async || Ok::<_, Failure>(())));
    let mut state = Retry::new();
    is_send(state.run_by_ref(async || Ok::<_, Failure>(())));
}
