/// How a reflector watches.
package struct ReflectorSettings: Sendable {
    /// After so long the server ends a watch by itself; the true time is up to twice as long, by chance.
    package var watchSeconds = 240
    /// How much later than that the end may come.
    package var slack: Duration = .seconds(15)
    /// Servers send a bookmark about each minute. Where one came on a connection, a silence of so long means that it is
    /// dead; where none came, the watch's own end is waited for.
    package var bookmarkSilence: Duration = .seconds(100)
    /// Bytes of one event. etcd takes no object above 1.5 MiB.
    package var maximumLine = 8 << 20
    /// At most 4.5 s with its jitter: an API that is back is noticed soon, and one that is busy says how long to wait.
    package var backoff = Backoff(initial: .milliseconds(250), limit: .seconds(3))
    package var time: TimeSource = .system
    /// A number from 0 up to 1.
    package var random: @Sendable () -> Double = Backoff.systemRandom

    package init() {}
}
