/// VMIs as users write them, of many kinds, each with fields that no table knows.
enum Corpus {
    static let files: [(name: String, yaml: String)] = [
        ("database", database), ("desktop", desktop), ("trading", trading), ("enclave", enclave),
        ("appliance", appliance),
        ("kernel", kernel), ("exported", exported),
    ]

    private static let database = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: orders-db
          namespace: shop
          labels: {tier: data}
          generateName: orders-
        spec:
          architecture: amd64
          hostname: orders
          terminationGracePeriodSeconds: 180
          futureField: {deep: [1e3, 0.10, null, "x"]}
          domain:
            ioThreadsPolicy: supplementalPool
            ioThreads: {supplementalPoolThreadCount: 4}
            cpu: {sockets: 2, cores: 4, threads: 1, maxSockets: 4, model: Skylake-Server, newKnob: on}
            memory: {guest: 1.5Gi, maxGuest: 8Gi, reservedOverhead: {addedOverhead: 64Mi, memLock: NotRequired}}
            resources:
              requests: {memory: 1610612736, cpu: 1500m, "example.com/shares": 1e3}
              limits: {cpu: "8"}
              overcommitGuestOverhead: true
            devices:
              blockMultiQueue: true
              disks:
              - {name: root, bootOrder: 1, disk: {bus: virtio, pciAddress: "0000:81:00.1"}, cache: none, io: native}
              - name: wal
                disk: {bus: virtio}
                dedicatedIOThread: true
                blockSize: {custom: {logical: 4096, physical: 4096, discardGranularity: 65536}}
                errorPolicy: enospace
                serial: WAL-0001
              - {name: archive, lun: {bus: scsi, reservation: true}, shareable: true, colour: blue}
              - {name: tools, cdrom: {bus: sata, readonly: true, tray: open}}
              interfaces:
              - {name: net, masquerade: {}, model: virtio, ports: [{name: pg, port: 5432, protocol: TCP}]}
          networks:
          - {name: net, pod: {vmNetworkCIDR: 10.11.0.0/24}}
          volumes:
          - {name: root, dataVolume: {name: orders-root, hotpluggable: false}}
          - {name: wal, persistentVolumeClaim: {claimName: orders-wal}}
          - {name: archive, persistentVolumeClaim: {claimName: orders-archive, readOnly: true}}
          - {name: tools, containerDisk: {image: "registry.example/tools:1", path: /disk/tools.iso}}
        """

    private static let desktop = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: win}
        spec:
          evictionStrategy: LiveMigrateIfPossible
          domain:
            clock:
              timezone: Europe/Berlin
              timer:
                hpet: {present: false}
                pit: {tickPolicy: delay}
                rtc: {tickPolicy: catchup, track: wall}
                hyperv: {}
                kvm: {present: false}
            features:
              acpi: {}
              apic: {endOfInterrupt: true}
              smm: {enabled: true}
              kvm: {hidden: true}
              pvspinlock: {enabled: false}
              hyperv:
                relaxed: {}
                vapic: {}
                vpindex: {}
                synic: {}
                synictimer: {direct: {}}
                tlbflush: {extended: {enabled: true}}
                spinlocks: {spinlocks: 8191}
                vendorid: {vendorid: ExampleCorp1}
                someday: {enabled: true}
            firmware:
              acpi: {slicNameRef: licence, msdmNameRef: licence}
              bootloader: {efi: {secureBoot: true, persistent: true}}
              serial: "000-111"
            memory: {guest: 4Gi}
            devices:
              autoattachSerialConsole: false
              clientPassthrough: {}
              inputs: [{name: pen, type: tablet, bus: usb}]
              sound: {name: speakers, model: ac97}
              tpm: {persistent: true}
              video: {type: virtio}
              gpus:
              - {name: screen, deviceName: nvidia.com/GRID_T4, virtualGPUOptions: {display: {ramFB: {enabled: false}}}}
              disks: [{name: system, disk: {bus: sata}}]
          volumes:
          - {name: system, hostDisk: {path: /srv/win.img, type: DiskOrCreate, capacity: 64Gi, shared: false}}
          - {name: licence, secret: {secretName: slic, optional: false}}
          - {name: answers, sysprep: {configMap: {name: unattend}}}
        """

    private static let trading = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: trading, annotations: {"kubevirt.io/placePCIDevicesOnRootComplex": "true"}}
        spec:
          priorityClassName: gold
          nodeSelector: {zone: a}
          tolerations: [{key: dedicated, operator: Exists}]
          affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
          topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]
          dnsPolicy: None
          dnsConfig: {nameservers: [192.0.2.53]}
          domain:
            cpu:
              cores: 8
              dedicatedCpuPlacement: true
              isolateEmulatorThread: true
              numa: {guestMappingPassthrough: {}}
              realtime: {mask: "2-7,^3"}
              features: [{name: invtsc, policy: require}, {name: x2apic}]
            memory: {hugepages: {pageSize: 1Gi}, guest: 16Gi}
            devices:
              autoattachMemBalloon: false
              networkInterfaceMultiqueue: true
              hostDevices: [{name: nic, deviceName: vendor.io/nic, tag: market}]
              interfaces:
              - {name: feed, sriov: {}, pciAddress: "0000:02:01.0", bootOrder: 2, tag: feed}
              - {name: plug, binding: {name: l2bridge}, macAddress: "02:00:00:00:00:01", acpiIndex: 101}
              - {name: old, slirp: {}, state: down}
              watchdog: {name: dog, i6300esb: {action: poweroff}}
              panicDevices: [{model: pvpanic}, {}]
              rng: {}
          networks:
          - {name: feed, multus: {networkName: lab/feed}}
          - {name: plug, multus: {networkName: plug, default: true}}
          - {name: old, pod: {}}
        """

    private static let enclave = """
        {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": {"name": "enclave"}, "spec": {
          "startStrategy": "Paused", "resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": "one-gpu"}],
          "accessCredentials": [{"sshPublicKey": {"source": {"secret": {"secretName": "keys"}},
            "propagationMethod": {"noCloud": {}}}}],
          "domain": {
            "launchSecurity": {"sev": {"policy": {"encryptedState": true}, "session": "AAAA", "dhCert": "BBBB"}},
            "memory": {"guest": "512Mi"}, "rebootPolicy": "Terminate",
            "devices": {"autoattachVSOCK": true, "disableHotplug": true, "gpus": [{"name": "g", "claimName": "gpu",
              "requestName": "r"}], "watchdog": {"name": "w", "diag288": {"action": "reset"}}}}}}
        """

    private static let appliance = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: appliance}
        spec:
          subdomain: edge
          serviceAccountName: appliance
          schedulerName: default-scheduler
          livenessProbe: {httpGet: {port: 80, path: /}, initialDelaySeconds: 120, periodSeconds: 20, failureThreshold: 3}
          readinessProbe: {tcpSocket: {port: "ssh"}, timeoutSeconds: 5, successThreshold: 1}
          domain:
            machine: {type: pc-q35-7.2}
            chassis: {manufacturer: Example, version: "1", serial: C-1, asset: A-1, sku: S-1}
            memory: {guest: 256Mi}
            devices:
              logSerialConsole: true
              filesystems: [{name: share, virtiofs: {}}, {name: token, virtiofs: {}}]
              downwardMetrics: {}
              interfaces: [{name: net, passt: {}, portRanges: [{start: 8000, end: 8010, protocol: UDP}]}]
          networks: [{name: net, pod: {}}]
          volumes:
          - {name: share, ephemeral: {persistentVolumeClaim: {claimName: base, readOnly: true}}}
          - {name: token, serviceAccount: {serviceAccountName: appliance}}
          - {name: config, configMap: {name: app, volumeLabel: cfgdata}}
          - {name: scratch, emptyDisk: {capacity: 2Gi}}
          - {name: mount, containerPath: {path: /opt/data, readOnly: true}}
          - name: facts
            downwardAPI:
              fields:
              - {path: labels, fieldRef: {fieldPath: metadata.labels}}
              - {path: cpu, mode: 256, resourceFieldRef: {resource: limits.cpu, divisor: 1m, containerName: compute}}
          - {name: figures, downwardMetrics: {}}
          - name: seed
            cloudInitNoCloud:
              userData: |
                #!/bin/sh
                ? not a key
                *x : 1
              networkDataSecretRef: {name: net}
        """

    private static let kernel = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: kernel}
        spec:
          domain:
            firmware:
              uuid: 5d307ca9-b3ef-428c-8861-06e72d69f223
              bootloader: {bios: {useSerial: true}}
              kernelBoot:
                kernelArgs: console=ttyS0 quiet
                container: {image: "r.example/k:2", kernelPath: /vmlinuz, initrdPath: /initrd, imagePullPolicy: Never}
            memory: {guest: 128M}
            devices: {}
        """

    private static let exported = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: exported
          uid: 6b1b1c1e-27f3-4f5c-9c3f-1d1d9d9b7d11
          resourceVersion: "1234"
          generation: 3
          creationTimestamp: "2026-01-31T12:00:00Z"
          ownerReferences: [{kind: VirtualMachine, name: exported, controller: true}]
          managedFields: [{manager: virt-controller, fieldsV1: {"f:spec": {}}}]
        spec:
          domain: {devices: {}, memory: {guest: 64Mi}}
        status:
          VSOCKCID: 4294967295
          activePods: {0b7a6f2d: node1}
          phase: Running
          nodeName: node1
          qosClass: Burstable
          conditions:
          - {type: Ready, status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-31T12:00:05Z"}
          guestOSInfo: {id: debian, versionId: "13"}
          interfaces: [{name: net, mac: "02:00:00:00:00:02", ipAddresses: [192.0.2.7], podInterfaceName: eth0, queueCount: 1}]
          memory: {guestAtBoot: 64Mi, guestCurrent: 64Mi, memoryOverhead: "300000000"}
          migrationMethod: BlockMigration
          migrationState:
            completed: true
            targetCPUSet: [2, 3]
            targetDirectMigrationNodePorts: {"41111": 49152}
            migrationConfiguration: {bandwidthPerMigration: 64Mi, experimental: {stallDetector: {ewmaAlpha: "0.5"}}}
          phaseTransitionTimestamps: [{phase: Running, phaseTransitionTimestamp: "2026-01-31T12:00:04Z"}]
          topologyHints: {tscFrequency: 2500000000}
          volumeStatus: [{name: root, target: vda, size: 1048576, persistentVolumeClaimInfo: {capacity: {storage: 1Gi}}}]
          invented: [1, {a: b}]
        """
}
