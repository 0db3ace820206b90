/// What a service allows.
package struct ServingLimits: Sendable, Equatable {
    /// Bytes of a request's line and headers.
    package var headerBytes = 32 * 1024
    /// How long a connection may stay without a request, or in the middle of one. A response may take as long as it
    /// likes: a watch can be silent for hours.
    package var idleTimeout = Duration.seconds(90)
    /// Connections of one address at a time; more wait in the kernel's queue.
    package var connections = 1024
    /// How long requests may still run after the service was asked to end.
    package var shutdownTimeout = Duration.seconds(3)
    /// A WebSocket's other end is pinged so often, and given up when it is silent for twice as long.
    package var pingInterval = Duration.seconds(30)
    /// How long the other end of a WebSocket may take to answer a close.
    package var closeTimeout = Duration.seconds(3)

    package init() {}
}
