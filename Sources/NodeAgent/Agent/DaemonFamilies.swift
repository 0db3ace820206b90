internal import HostModel
internal import KubernetesAPI
internal import Libvirt
internal import Synchronization

/// What the daemon's parts count by themselves, put together when a scrape asks.
extension Daemon.Parts {
    func daemonFamilies() async -> [MetricFamily] {
        let registry = MetricsRegistry()
        registry.set(
            AgentMetrics.accelerator, to: 1, environment.verdict.verdict.rawValue, environment.verdict.reason.rawValue)
        for (key, count) in client.counts.entries {
            registry.add(Double(count), to: AgentMetrics.apiRequests, key.verb, key.resource, "\(key.code)")
        }
        for (reason, count) in instances.endings {
            registry.add(Double(count), to: AgentMetrics.watchRestarts, "virtualmachineinstances", reason)
        }
        let orphans = core.registry.withLock { $0.orphans.count }
        registry.set(AgentMetrics.orphanedDomains, to: Double(orphans))
        let phases = core.samples.map(\.phase)
        for phase in Set(phases) {
            registry.set(AgentMetrics.instances, to: Double(phases.count { $0 == phase }), phase)
        }
        registry.set(AgentMetrics.ready, to: telemetry.health.isReady ? 1 : 0)
        registry.set(AgentMetrics.queueDepth, to: Double(await environment.limiter.depth), "starts")
        addLibvirt(to: registry)
        addFacts(to: registry)
        addStreams(to: registry)
        return registry.families()
    }

    /// One line, for the service manager.
    var statusLine: String {
        let running = core.registry.withLock { registry in
            registry.states.values.count { $0.holdsDomain && $0 != .unknown }
        }
        let libvirt = keeper.connection.map { "libvirt at \($0.endpoint.uri)" } ?? keeper.problem
        return "\(running) \(running == 1 ? "VM runs" : "VMs run"), \(environment.verdict.verdict.rawValue), \(libvirt)"
    }

    private func addLibvirt(to registry: MetricsRegistry) {
        let connection = keeper.connection
        registry.set(AgentMetrics.libvirtConnected, to: connection == nil ? 0 : 1)
        for (reason, count) in keeper.losses {
            registry.add(Double(count), to: AgentMetrics.libvirtReconnects, reason.rawValue)
        }
        let counts = pool.counts
        let pending = counts.pending + (connection?.observerCounts.pending ?? 0)
        // The observer's calls are those of one connection: with them a counter would fall at each reconnection.
        registry.add(Double(counts.calls), to: AgentMetrics.libvirtCalls)
        registry.add(Double(counts.failures), to: AgentMetrics.libvirtErrors)
        registry.set(AgentMetrics.libvirtPending, to: Double(pending))
    }

    /// What was found out for the Node object.
    private func addFacts(to registry: MetricsRegistry) {
        guard let facts = telemetry.facts else { return }
        registry.set(AgentMetrics.buildInfo, to: 1, facts.version, facts.libvirtVersion, facts.qemuVersion)
        for machine in facts.capabilities.machineTypes where machine.isDeprecated {
            registry.set(AgentMetrics.deprecatedMachineTypes, to: 1, machine.name, facts.name)
        }
    }

    private func addStreams(to registry: MetricsRegistry) {
        for key in sessions.open {
            let metric = key.kind == .serial ? AgentMetrics.consoleConnections : AgentMetrics.vncConnections
            registry.add(to: metric, key.namespace, key.name)
        }
    }
}
