package import KubernetesModel

/// One entry of `spec.resourceClaims`: devices that dynamic resource allocation grants.
package struct PodResourceClaim: TableModel {
    package var name = ""
    package var resourceClaimName: String?
    package var resourceClaimTemplateName: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<PodResourceClaim> = [
        Field("name", required: \.name),
        Field("resourceClaimName", \.resourceClaimName),
        Field("resourceClaimTemplateName", \.resourceClaimTemplateName),
    ]
}

/// One entry of `spec.utilityVolumes`: a claim beside the machine, which no guest sees.
package struct UtilityVolume: TableModel {
    package var name = ""
    package var claimName = ""
    package var readOnly: Bool?
    package var type: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<UtilityVolume> = [
        Field("name", required: \.name),
        Field("claimName", required: \.claimName),
        Field("readOnly", \.readOnly),
        Field("type", \.type),
    ]
}
