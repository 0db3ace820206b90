internal import HostModel
internal import Hummingbird
internal import KubernetesAPI
internal import KubernetesModel
internal import LocalAPI
internal import Logging
internal import ServiceLifecycle
internal import Serving
internal import SystemPackage

/// The services of the daemon, in the order in which they start; they end in the reverse one.
extension Daemon {
    func services(
        _ parts: Parts, _ local: LocalAPIServer?, _ announce: @escaping @Sendable (String) -> Void
    ) throws(AgentError) -> [any Service] {
        let core = parts.core
        let listening = Counter()
        var services: [any Service] = [hands(parts, local, listening, announce)]
        if let local { services.append(local) }
        services += http(parts)
        if let manager {
            services.append(
                ServiceManagerReports(
                    manager: manager, health: parts.telemetry.health, status: { parts.statusLine },
                    changes: [parts.keeper.moves, core.changes], listening: listening))
        }
        services += [
            LoopService { await parts.api.recorder.run() },
            LoopService { await parts.keeper.run() },
            LoopService { await core.run() },
        ]
        let instances = parts.instances
        services += [
            LoopService {
                // Before the local API listens there is nobody to ask.
                if local != nil { await listening.pass(0) }
                await withDiscardingTaskGroup { group in
                    group.addTask {
                        await parts.api.discover()
                        for owner in core.owners { owner.send(.apiResumed) }
                    }
                    group.addTask { await instances.run() }
                    for await event in instances.events { core.send(.api(event)) }
                }
            }
        ]
        if local != nil { services += objectWatches(parts, listening) }
        services += nodeServices(parts, local, listening)
        return services
    }

    /// In the local API nothing forbids to watch Secrets and ConfigMaps: who waits for one starts as soon as it is there.
    private func objectWatches(_ parts: Parts, _ listening: Counter) -> [any Service] {
        [APIResource.secrets, .configMaps].map { resource in
            let reflector = Reflector(parts.client, resource, logger: logger)
            return LoopService {
                await listening.pass(0)
                await withDiscardingTaskGroup { group in
                    group.addTask { await reflector.run() }
                    for await event in reflector.events {
                        if case .changed = event { parts.core.wake(except: nil) }
                    }
                }
            }
        }
    }

    /// The socket for the command line, with the local API where there is one, and loopback for kubectl.
    private func hands(
        _ parts: Parts, _ local: LocalAPIServer?, _ listening: Counter, _ announce: @escaping @Sendable (String) -> Void
    ) -> HTTPService {
        let router = Router(context: ServingContext.self)
        let routes = SubresourceRoutes(
            parts.core, sessions: parts.sessions, prefixes: SubresourceRoutes.Prefix.allCases, logger: logger)
        routes.addRoutes(to: router)
        ReportRoutes(parts.core, logger: logger).addRoutes(to: router)
        ControlRoutes(parts.core).addRoutes(to: router)
        local?.addRoutes(to: router)
        var endpoints = [
            ServingEndpoint(
                sockets.address(
                    "api",
                    else: .unix(path: Self.socket(folders), mode: 0o660, group: configuration.local.socketGroup)),
                authenticator: local?.socketAuthenticator ?? .socketPeer)
        ]
        if let local, configuration.local.loopbackPort > 0 {
            endpoints.append(
                ServingEndpoint(
                    .tcp(host: "127.0.0.1", port: configuration.local.loopbackPort), tls: local.tls,
                    authenticator: local.loopbackAuthenticator))
        }
        let logger = logger
        let path = Self.socket(folders)
        return HTTPService(
            endpoints: endpoints, router: router, webSockets: routes.webSockets, logger: logger,
            onListening: { bound in
                if !bound.contains(.unix(path: path)) {
                    logger.error(
                        "the socket that systemd opened is not \(path), where everybody looks: mend ListenStream=")
                }
                listening.advance()
                guard let local, let port = bound.compactMap(\.port).first else { return }
                do throws(LocalAPIError) {
                    let file = try local.writeKubeconfig(server: "https://127.0.0.1:\(port)")
                    announce("export KUBECONFIG=\(file)")
                } catch {
                    logger.error("\(error)")
                }
            })
    }
}

/// Labels of a VMI.
enum InstanceLabel {
    static let nodeName = "kubevirt.io/nodeName"
}
