/// What the agent counts of itself; a `MetricsRegistry` keeps the values.
package enum AgentMetrics {
    /// Seconds, for what takes between a millisecond and minutes.
    package static let seconds: [Double] = [
        0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    package static let buildInfo = MetricDescriptor(
        "virt_node_build_info", .gauge, "The versions that run, as labels; always 1.",
        labels: ["version", "libvirt", "qemu"])
    package static let instances = MetricDescriptor(
        "virt_node_instances", .gauge, "VMIs of this node by phase.", labels: ["phase"])
    package static let queueDepth = MetricDescriptor(
        "virt_node_queue_depth", .gauge, "What waits in a queue of the agent.", labels: ["queue"])
    package static let queueWait = MetricDescriptor(
        "virt_node_queue_wait_seconds", .histogram(seconds), "How long it waited there.", labels: ["queue"])
    package static let startStep = MetricDescriptor(
        "virt_node_start_step_seconds", .histogram(seconds), "How long each step of a start took.", labels: ["step"])
    package static let starts = MetricDescriptor(
        "virt_node_starts_total", .counter, "VMs that were started.")
    package static let startFailures = MetricDescriptor(
        "virt_node_start_failures_total", .counter, "Starts that failed, by reason.", labels: ["reason"])
    package static let stops = MetricDescriptor(
        "virt_node_stops_total", .counter, "VMs that ended, by reason.", labels: ["reason"])
    package static let adopted = MetricDescriptor(
        "virt_node_adopted_instances_total", .counter, "Running VMs that a start of the daemon found and took over.")
    package static let orphanedDomains = MetricDescriptor(
        "virt_node_orphaned_domains", .gauge, "Domains of virt-node that no VMI stands behind.")
    package static let watchRestarts = MetricDescriptor(
        "virt_node_watch_restarts_total", .counter, "Watches of the API that had to begin anew.",
        labels: ["resource", "reason"])
    package static let statusWrites = MetricDescriptor(
        "virt_node_status_writes_total", .counter, "Writes of VMIs, by outcome.", labels: ["outcome"])
    package static let statusLag = MetricDescriptor(
        "virt_node_status_lag_seconds", .histogram(seconds), "From a change of a VM until the API knows of it.")
    package static let apiRequests = MetricDescriptor(
        "virt_node_api_requests_total", .counter, "Requests to the Kubernetes API.",
        labels: ["verb", "resource", "code"])
    package static let libvirtConnected = MetricDescriptor(
        "virt_node_libvirt_connected", .gauge, "Whether the connection to libvirt stands.")
    package static let libvirtReconnects = MetricDescriptor(
        "virt_node_libvirt_reconnects_total", .counter, "Connections to libvirt that ended.", labels: ["reason"])
    package static let libvirtCalls = MetricDescriptor(
        "virt_node_libvirt_calls_total", .counter, "Calls of libvirt.")
    package static let libvirtErrors = MetricDescriptor(
        "virt_node_libvirt_errors_total", .counter, "Calls of libvirt that failed.")
    package static let libvirtPending = MetricDescriptor(
        "virt_node_libvirt_pending_calls", .gauge, "Calls of libvirt that run or wait for a thread.")
    package static let accelerator = MetricDescriptor(
        "virt_node_accelerator_info", .gauge, "The accelerator that VMs get, and why; always 1.",
        labels: ["accelerator", "reason"])
    package static let statisticsAge = MetricDescriptor(
        "virt_node_statistics_age_seconds", .gauge, "How old the counters of the VMs on this page are.")

    /// KubeVirt's, for what the agent notices as it happens.
    package static let guestPanics = MetricDescriptor(
        "kubevirt_vmi_guest_os_panic_total", .counter, "Panics of the guest's kernel.",
        labels: ["namespace", "name", "type", "bugcheck_code"])
    package static let ready = MetricDescriptor(
        "kubevirt_virt_handler_ready_status", .gauge, "Whether the node's agent is ready.")
    package static let phaseFromCreation = MetricDescriptor(
        "kubevirt_vmi_phase_transition_time_from_creation_seconds", .histogram(seconds),
        "From a VMI's creation until it entered a phase.", labels: ["phase"])
    package static let deprecatedMachineTypes = MetricDescriptor(
        "kubevirt_node_deprecated_machine_types", .gauge, "Machine types that QEMU will drop; always 1.",
        labels: ["machine_type", "node"])
    package static let consoleConnections = MetricDescriptor(
        "kubevirt_console_active_connections", .gauge, "Open connections to a serial console.",
        labels: ["namespace", "vmi"])
    package static let vncConnections = MetricDescriptor(
        "kubevirt_vnc_active_connections", .gauge, "Open connections to a screen.", labels: ["namespace", "vmi"])
}
