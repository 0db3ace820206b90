internal import HostModel
internal import Hummingbird
internal import KubernetesAPI
internal import KubernetesModel
internal import LocalAPI
internal import Logging
internal import ServiceLifecycle
internal import Serving
internal import SystemPackage

/// What the daemon does for the node as a whole, beside its VMs.
extension Daemon {
    func nodeServices(_ parts: Parts, _ local: LocalAPIServer?, _ listening: Counter) -> [any Service] {
        let name = parts.environment.nodeName
        let (core, keeper, environment, logger) = (parts.core, parts.keeper, parts.environment, logger)
        let telemetry = parts.telemetry
        let cpuFeatures = configuration.labels.cpuFeatures
        let publisher = NodePublisher(
            NodeClient(parts.client), isLocal: local != nil,
            facts: {
                var facts = NodeFacts(name: name, host: Host(probing: HostRoot()))
                facts.version = Version.current
                facts.probe(HostRoot())
                facts.verdict = environment.verdict
                facts.addresses = NodeAddresses.probe()
                facts.labelsCPUFeatures = cpuFeatures
                if let connection = keeper.connection, let problem = await facts.probe(connection) {
                    logger.info("not all labels of the node are known: \(problem)")
                }
                telemetry.facts = facts
                return facts
            },
            isSchedulable: { keeper.connection != nil && !core.isDrained }, logger: logger)
        let namespace = configuration.leaseNamespace
        let lease = LeaseKeeper(
            parts.client, name: UnresponsiveNodes.prefix + name, namespace: namespace, holder: name,
            duration: .seconds(configuration.nodeLeaseSeconds),
            interval: .seconds(max(1, configuration.nodeLeaseSeconds / 4)), logger: logger)
        var services: [any Service] = [
            LoopService {
                if local != nil { await listening.pass(0) }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await publisher.run() }
                    for moves in [keeper.moves, core.drains] {
                        group.addTask {
                            while !Task.isCancelled {
                                await moves.pass(moves.value)
                                publisher.changed()
                            }
                        }
                    }
                }
            },
            LoopService {
                if local != nil { await listening.pass(0) }
                await lease.run()
            },
        ]
        if local == nil { services += unresponsiveNodes(parts, namespace) }
        if configuration.claim.enabled {
            let claimer = Claimer(core, configuration.claim, logger: logger)
            services.append(LoopService { await claimer.run() })
        }
        if let folder = configuration.manifests {
            let manifests = ManifestFolder(
                folder: FilePath(folder), client: parts.client, nodeName: name, isLocal: local != nil,
                logger: logger)
            services.append(
                LoopService {
                    if local != nil { await listening.pass(0) }
                    await manifests.run()
                })
        }
        return services
    }

    /// One of the agents, by election, tells of VMs whose node is silent.
    private func unresponsiveNodes(_ parts: Parts, _ namespace: String) -> [any Service] {
        let elector = LeaderElector(
            parts.client, name: "virt-node-leader", namespace: namespace, identity: parts.environment.nodeName,
            logger: logger)
        let (api, logger) = (parts.api, logger)
        let limit = Duration.seconds(configuration.unresponsiveAfterSeconds)
        return [
            LoopService { await elector.run() },
            LoopService {
                await api.discovered()
                let marker = UnresponsiveNodeMarker(
                    parts.client, leaseNamespace: namespace, ownNode: parts.environment.nodeName, limit: limit,
                    hasStatusSubresource: api.hasStatusSubresource ?? false, isLeader: { elector.isLeader },
                    logger: logger)
                await marker.run()
            },
        ]
    }

    /// Ports 8185 and 8186.
    func http(_ parts: Parts) -> [any Service] {
        var services: [any Service] = [LoopService { await parts.telemetry.statistics.run() }]
        if configuration.metrics.port > 0 {
            let router = Router(context: ServingContext.self)
            let page = MetricsPage(
                node: parts.environment.nodeName, registry: parts.telemetry.registry,
                statistics: parts.telemetry.statistics, instances: { parts.core.samples },
                sources: [{ await parts.daemonFamilies() }])
            MetricsRoutes(page: page, health: parts.telemetry.health).addRoutes(to: router)
            let tls = configuration.metrics.tls
            services.append(
                HTTPService(
                    endpoints: [
                        ServingEndpoint(
                            .tcp(host: configuration.metrics.address, port: configuration.metrics.port),
                            tls: tls.files,
                            authenticator: tls.clientCA == nil ? .anonymous : .certificate(commonNames: nil))
                    ], router: router, logger: logger))
        }
        let tls = configuration.streams.tls
        guard configuration.streams.port > 0 else { return services }
        guard let files = tls.files, tls.clientCA != nil else {
            logger.notice(
                "port \(configuration.streams.port) stays closed: streams.tls needs certificate, key and clientCA")
            return services
        }
        let router = Router(context: ServingContext.self)
        let routes = SubresourceRoutes(
            parts.core, sessions: parts.sessions, prefixes: [.handler], logger: logger)
        routes.addRoutes(to: router)
        let names = configuration.streams.allowedNames
        services.append(
            HTTPService(
                endpoints: [
                    ServingEndpoint(
                        sockets.address(
                            "streams",
                            else: .tcp(host: configuration.streams.address, port: configuration.streams.port)),
                        tls: files,
                        authenticator: .certificate(commonNames: names.isEmpty ? SubresourceRoutes.clientNames : names))
                ], router: router, webSockets: routes.webSockets, logger: logger))
        return services
    }
}

extension NodeConfiguration.TLS {
    /// The files, where TLS is configured.
    var files: TLSFiles? {
        guard let certificate, let key else { return nil }
        return TLSFiles(
            certificate: FilePath(certificate), key: FilePath(key), clientCA: clientCA.map { FilePath($0) })
    }
}

extension AgentCore {
    /// The VMs, as metrics tell of them.
    var samples: [InstanceSample] {
        owners.map(InstanceSample.init(of:))
    }
}
