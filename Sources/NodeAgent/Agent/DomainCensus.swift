internal import DomainModel
internal import DomainPlan
internal import Glibc
internal import Libvirt
internal import Logging
internal import Placement
internal import SystemPackage

/// Finds domains of this daemon whose intents are lost, and writes the intents anew from what the domains carry.
struct DomainCensus: Sendable {
    let connection: Connection
    let session: Session

    func unknown(besides known: Set<String>, _ logger: Logger) async -> [Intent] {
        var intents: [Intent] = []
        do throws(LibvirtError) {
            for domain in try await connection.domains() where !known.contains(domain.name) {
                guard let xml = try await domain.metadata(namespace: DomainMetadata.namespace),
                    let metadata = DomainMetadata(xml: xml), metadata.owner == session.owner,
                    DomainName.of(namespace: metadata.namespace, name: metadata.name) == domain.name
                else { continue }
                logger.warning("domain \(domain.name) has no intent: it is written anew")
                intents.append(intent(domain, metadata))
            }
        } catch {
            logger.warning("the domains of libvirt cannot be listed: \(error)")
        }
        return intents
    }

    private func intent(_ domain: DomainHandle, _ metadata: DomainMetadata) -> Intent {
        Intent(
            uid: metadata.uid, namespace: metadata.namespace, name: metadata.name, domain: domain.name,
            domainUUID: domain.uuid, session: session.id, processID: getpid(), bootID: metadata.bootID,
            libvirtURI: connection.endpoint.uri,
            folders: [
                session.folders.machine(metadata.uid).string, session.socketFolder(uid: metadata.uid).string,
            ],
            // A QEMU that is named was started to the end: a pause of its guest is somebody's wish.
            qemu: ProcessScan.qemu(guest: domain.name, uuid: domain.uuid),
            placement: metadata.placement.flatMap { Placement(record: $0) })
    }
}
