import NIOCore

/// Lets the kernel ask a silent peer whether it is still there.
enum TCPProbing {
    /// `TCP_KEEPIDLE`, `TCP_KEEPINTVL`, `TCP_KEEPCNT` of Linux, and `TCP_USER_TIMEOUT` (milliseconds): 30 s of silence,
    /// then three probes 10 s apart, and no more than a minute for data that nobody confirms.
    private static let options: [(option: CInt, value: Int)] = [(4, 30), (5, 10), (6, 3), (18, 60_000)]

    @Sendable static func enable(_ channel: any Channel) -> EventLoopFuture<Void> {
        let alive = channel.setOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
        let settings = options.map { setting in
            channel.setOption(
                ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: setting.option)),
                value: setting.value)
        }
        return EventLoopFuture.andAllComplete([alive] + settings, on: channel.eventLoop)
    }
}
