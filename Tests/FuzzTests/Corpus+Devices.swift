extension Corpus {
    /// Disks, and what they lie on.
    static let storage = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: orders-db, namespace: shop}
        spec:
          hostname: orders
          domain:
            ioThreadsPolicy: auto
            memory: {guest: 64Mi}
            devices:
              blockMultiQueue: true
              autoattachGraphicsDevice: false
              downwardMetrics: {}
              disks:
              - name: root
                disk: {bus: virtio, pciAddress: "0000:00:1e.0", readonly: false}
                bootOrder: 1
                cache: none
                io: native
                errorPolicy: report
                changedBlockTracking: true
                dedicatedIOThread: true
                blockSize: {custom: {logical: 512, physical: 4096, discardGranularity: 4096}}
              - {name: wal, disk: {bus: scsi}, cache: writethrough, io: threads, serial: WAL-1, tag: wal}
              - {name: shared, disk: {bus: virtio}, shareable: true, blockSize: {matchVolume: {enabled: true}}}
              - {name: raw, lun: {bus: scsi, readonly: false, reservation: true}, errorPolicy: ignore}
              - {name: layer, disk: {bus: usb}}
              - {name: figures, disk: {bus: virtio}}
              - {name: seed, cdrom: {bus: sata, tray: closed}}
          volumes:
          - name: root
            containerDisk:
              {image: "quay.io/disks/db:42", imagePullPolicy: Always, imagePullSecret: registry, path: /disk/db.qcow2}
          - {name: wal, hostDisk: {path: /srv/wal.img, type: DiskOrCreate, capacity: 2Gi, shared: true}}
          - {name: shared, dataVolume: {name: orders-shared, hotpluggable: true}}
          - {name: raw, persistentVolumeClaim: {claimName: orders-raw}}
          - {name: layer, ephemeral: {persistentVolumeClaim: {claimName: golden, readOnly: true}}}
          - {name: figures, downwardMetrics: {}}
          - {name: dump, memoryDump: {claimName: dumps, readOnly: false, hotpluggable: true}}
          - {name: seed, cloudInitNoCloud: {userData: "#cloud-config\\n", networkDataSecretRef: {name: net}}}
          accessCredentials:
          - sshPublicKey: {propagationMethod: {noCloud: {}}, source: {secret: {secretName: keys}}}
          - sshPublicKey: {propagationMethod: {qemuGuestAgent: {users: [root]}}, source: {secret: {secretName: keys}}}
          - userPassword: {propagationMethod: {qemuGuestAgent: {}}, source: {secret: {secretName: passwords}}}
          utilityVolumes: [{name: backup, claimName: backups, readOnly: false, type: Backup}]
        status: {volumeStatus: [{name: root, target: vdc}, {name: shared, target: vdab}, {name: wal, target: ""}]}
        """

    /// Media that are made, and folders that are shared.
    static let files = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: files}
        spec:
          domain:
            ioThreadsPolicy: shared
            memory: {guest: 64Mi}
            devices:
              filesystems:
              - {name: settings, virtiofs: {}}
              - {name: inside, virtiofs: {}}
              - {name: token, virtiofs: {}}
          volumes:
          - {name: settings, configMap: {name: settings, optional: true, volumeLabel: cfgdata}}
          - {name: inside, containerPath: {path: /var/data, readOnly: true}}
          - {name: token, serviceAccount: {serviceAccountName: robot}}
          - name: facts
            downwardAPI:
              volumeLabel: facts
              fields:
              - {path: labels, fieldRef: {apiVersion: v1, fieldPath: metadata.labels}, mode: 420}
              - path: share
                resourceFieldRef: {containerName: compute, divisor: 1m, resource: limits.cpu}
          - name: drive
            cloudInitConfigDrive: {userDataBase64: I2Nsb3VkLWNvbmZpZwo=, networkDataBase64: dmVyc2lvbjogMgo=}
          - name: plain
            cloudInitNoCloud: {secretRef: {name: user}, networkData: "version: 2"}
          - {name: sysprep, sysprep: {secret: {name: answers}}}
          accessCredentials:
          - sshPublicKey: {propagationMethod: {configDrive: {}}, source: {secret: {secretName: keys}}}
        """

    /// Interfaces of every binding.
    static let network = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: router, annotations: {virt-node.io/port-forwards: "2222:22,8080:80"}}
        spec:
          domain:
            cpu: {cores: 2}
            memory: {guest: 64Mi}
            devices:
              networkInterfaceMultiqueue: true
              interfaces:
              - name: outer
                masquerade: {}
                model: virtio
                macAddress: 02-00-00-AB-CD-EF
                bootOrder: 1
                acpiIndex: 7
                pciAddress: "0000:00:0b.0"
                tag: uplink
                state: up
                ports: [{name: ssh, port: 22, protocol: TCP}, {name: web, port: 80}]
                portRanges: [{start: 1000, end: 1999, protocol: UDP}]
                dhcpOptions:
                  bootFileName: pxe.0
                  tftpServerName: tftp.example.org
                  ntpServers: [192.0.2.1]
                  privateOptions: [{option: 240, value: hello}]
              - {name: lan, bridge: {}, model: e1000e, state: down, macAddress: "02:00:00:ab:cd:f0"}
              - {name: tapped, macvtap: {}}
              - {name: plugged, binding: {name: my-plugin}, state: absent}
          networks:
          - {name: outer, pod: {vmNetworkCIDR: 10.11.0.0/24, vmIPv6NetworkCIDR: "fd10:11::/120"}}
          - {name: lan, multus: {networkName: lan}}
          - {name: tapped, multus: {networkName: shop/tapped}}
          - {name: plugged, multus: {networkName: plugged}}
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: passt}
        spec:
          domain:
            memory: {guest: 64Mi}
            devices: {interfaces: [{name: default, passt: {}}]}
          networks: [{name: default, pod: {}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: passt-binding}
        spec:
          domain:
            memory: {guest: 64Mi}
            devices: {interfaces: [{name: default, passtBinding: {}}]}
          networks: [{name: default, pod: {}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: slirp}
        spec:
          domain:
            memory: {guest: 64Mi}
            devices: {interfaces: [{name: default, slirp: {}}]}
          networks: [{name: default, pod: {}}]
        """
}
