package import KubernetesModel

/// `spec.livenessProbe` and `spec.readinessProbe`.
package struct Probe: TableModel {
    package var exec: DocumentNode?
    package var guestAgentPing: EmptyObject?
    package var httpGet: DocumentNode?
    package var tcpSocket: DocumentNode?
    package var failureThreshold: Int32?
    package var initialDelaySeconds: Int32?
    package var periodSeconds: Int32?
    package var successThreshold: Int32?
    package var timeoutSeconds: Int32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Probe> = [
        Field("exec", \.exec).elsewhere("kubelet"),
        Field("guestAgentPing", \.guestAgentPing).elsewhere("kubelet"),
        Field("httpGet", \.httpGet).elsewhere("kubelet"),
        Field("tcpSocket", \.tcpSocket).elsewhere("kubelet"),
        Field("failureThreshold", \.failureThreshold).elsewhere("kubelet"),
        Field("initialDelaySeconds", \.initialDelaySeconds).elsewhere("kubelet"),
        Field("periodSeconds", \.periodSeconds).elsewhere("kubelet"),
        Field("successThreshold", \.successThreshold).elsewhere("kubelet"),
        Field("timeoutSeconds", \.timeoutSeconds).elsewhere("kubelet"),
    ]
}
