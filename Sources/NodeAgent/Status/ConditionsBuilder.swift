import DomainPlan
import HostModel
import KubeVirtModel
import KubernetesModel

/// The conditions of a status, with reasons and remedies.
enum ConditionsBuilder {
    static func conditions(_ seen: Observation, previous: [Condition], now: Timestamp) -> [Condition] {
        var conditions = [ready(seen)]
        if seen.isStarting {
            conditions.append(
                Condition("Provisioning", true, reason: "Starting", message: "disks, network and domain are made ready")
            )
        }
        conditions.append(
            Condition(
                "LiveMigratable", false, reason: "InterfaceNotLiveMigratable",
                message: "user-mode networking lives in QEMU and cannot move with the guest"))
        if let emulation = emulation(seen) { conditions.append(emulation) }
        if seen.agent != nil { conditions.append(Condition("AgentConnected", true)) }
        if let disk = seen.pausedByIOError {
            conditions.append(
                Condition(
                    "Paused", true, reason: "PausedIOError", message: "VMI was paused, IO error on disk \(disk)"))
        } else if seen.isPaused {
            conditions.append(Condition("Paused", true, reason: "PausedByUser", message: "VMI was paused by user"))
        }
        if let failure = seen.failure {
            conditions.append(
                Condition(
                    "Synchronized", false, reason: "Synchronizing with the Domain failed.", message: failure))
        }
        if let message = unsafety(seen) {
            conditions.append(Condition(unsafePlacement, true, reason: "EndsWithPod", message: message))
        }
        if let warnings = seen.warnings, let first = warnings.first {
            let message = warnings.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
            conditions.append(Condition("AdaptedToHost", true, reason: first.reason, message: message))
        } else if seen.warnings == nil, let before = previous.first(where: { $0.type == "AdaptedToHost" }) {
            conditions.append(before)
        }
        conditions = conditions.map { condition in
            var condition = condition
            let before = previous.first { $0.type == condition.type && $0.status == condition.status }
            condition.lastTransitionTime = before?.lastTransitionTime ?? now
            return condition
        }
        return conditions + previous.filter { !ours.contains($0.type) }
    }

    /// The types that this builder owns: others' stay as they are.
    private static let ours: Set = [
        "Ready", "Provisioning", "LiveMigratable", "SoftwareEmulation", "AgentConnected", "Paused", "Synchronized",
        "AdaptedToHost", unsafePlacement,
    ]

    /// The condition of a VM that would end with the daemon's pod; the reason, too, why such a VM is not started.
    static let unsafePlacement = "UnsafePlacement"

    private static func unsafety(_ seen: Observation) -> String? {
        if seen.failureReason == unsafePlacement { return seen.failure }
        guard !seen.ties.isEmpty, !seen.phase.isFinal else { return nil }
        return "the VM would end with virt-node's pod: \(seen.ties.map(\.description).joined(separator: "; "))"
    }

    private static func ready(_ seen: Observation) -> Condition {
        if let unknown = seen.unknown {
            var condition = Condition("Ready", false, reason: "LibvirtUnreachable", message: unknown)
            condition.status = "Unknown"
            return condition
        }
        if let failure = seen.failure, let reason = seen.failureReason, !seen.phase.isFinal {
            return Condition("Ready", false, reason: reason, message: failure)
        }
        switch seen.phase {
        case .running where !seen.isPaused: return Condition("Ready", true)
        case .running: return Condition("Ready", false, reason: "GuestPaused", message: "the guest is paused")
        default:
            return Condition(
                "Ready", false, reason: "GuestNotRunning",
                message: "the guest does not run: phase \(seen.phase.rawValue)")
        }
    }

    /// Under software emulation, always: a guest that is ten times slower must be seen to be so.
    private static func emulation(_ seen: Observation) -> Condition? {
        guard let verdict = seen.verdict else { return nil }
        // A VM that runs tells itself what executes it; the verdict may have changed since it was started.
        guard seen.live?.isEmulated ?? (verdict.verdict == .emulation) else { return nil }
        guard verdict.verdict == .emulation else {
            return Condition(
                "SoftwareEmulation", true, reason: "StartedUnderEmulation",
                message: "the VM was started when KVM could not be used: restart it to use KVM")
        }
        let message = [verdict.message, verdict.remedy].compactMap { $0 }.joined(separator: " Remedy: ")
        return Condition("SoftwareEmulation", true, reason: verdict.reason.rawValue, message: message)
    }
}
