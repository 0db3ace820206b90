import DomainPlan
import HostModel
import KubeVirtModel
import KubernetesModel

/// The conditions of a status, with reasons and remedies.
enum ConditionsBuilder {
    static func conditions(_ seen: Observation, previous: [Condition], now: Timestamp) -> [Condition] {
        var conditions = [ready(seen)]
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
        if let first = seen.warnings.first {
            let message = seen.warnings.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
            conditions.append(Condition("AdaptedToHost", true, reason: first.reason, message: message))
        }
        return conditions.map { condition in
            var condition = condition
            let before = previous.first { $0.type == condition.type && $0.status == condition.status }
            condition.lastTransitionTime = before?.lastTransitionTime ?? now
            return condition
        }
    }

    private static func ready(_ seen: Observation) -> Condition {
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
        guard let verdict = seen.verdict, verdict.verdict == .emulation else { return nil }
        let message = [verdict.message, verdict.remedy].compactMap { $0 }.joined(separator: " Remedy: ")
        return Condition("SoftwareEmulation", true, reason: verdict.reason.rawValue, message: message)
    }
}
