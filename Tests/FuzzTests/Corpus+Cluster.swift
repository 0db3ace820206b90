extension Corpus {
    /// What a cluster heeds.
    static let pod = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: tenant, namespace: shop, labels: {"app.kubernetes.io/name": shop}}
        spec:
          architecture: amd64
          affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
          dnsPolicy: None
          dnsConfig: {nameservers: [192.0.2.53]}
          evictionStrategy: LiveMigrateIfPossible
          hostname: tenant
          subdomain: shop
          nodeSelector: {"kubernetes.io/os": linux}
          priorityClassName: high
          schedulerName: default-scheduler
          serviceAccountName: robot
          tolerations: [{key: gpu, operator: Exists}]
          topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]
          livenessProbe:
            tcpSocket: {port: 22}
            failureThreshold: 3
            initialDelaySeconds: 30
            periodSeconds: 10
            successThreshold: 1
            timeoutSeconds: 5
          readinessProbe: {httpGet: {port: 80, path: /ready}, failureThreshold: 3}
          futureField: {deep: [1e3, 0.10, null, "x"]}
          domain:
            memory: {guest: 64Mi}
            devices: {interfaces: [{name: default, masquerade: {}}]}
          networks: [{name: default, pod: {}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: probed}
        spec:
          livenessProbe: {exec: {command: [cat, /ready]}, periodSeconds: 10}
          readinessProbe:
            {guestAgentPing: {}, initialDelaySeconds: 1, periodSeconds: 2, successThreshold: 1, timeoutSeconds: 3}
          domain: {memory: {guest: 64Mi}, devices: {}}
        """

    /// Templates, with what YAML can do besides: anchors, aliases, merge keys, blocks and tags.
    static let owners = """
        %YAML 1.1
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: owner, namespace: shop}
        spec:
          runStrategy: Always
          template:
            metadata: {labels: &labels {app: shop}, annotations: {note: !!str 7}}
            spec:
              domain: &domain
                memory: &memory {guest: 64Mi}
                devices: {rng: &empty {}}
              volumes:
              - name: seed
                cloudInitNoCloud:
                  userData: |
                    #cloud-config
                    password: "secret"
                  networkData: >-
                    version:
                    2
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstanceReplicaSet
        metadata: {name: set}
        spec:
          replicas: 3
          template:
            metadata: {name: member}
            spec:
              domain: &base {memory: {guest: 128Mi}, devices: {}}
              nodeSelector: &selector {disk: ssd}
        ---
        apiVersion: pool.kubevirt.io/v1beta1
        kind: VirtualMachinePool
        metadata: {name: pool}
        spec:
          virtualMachineTemplate:
            spec:
              template:
                spec:
                  domain: {<<: &more {memory: {guest: 1e8}}, devices: {}}
        ...
        """

    /// A list in JSON, with the objects that a VMI refers to.
    static let list = """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys"}, "data": {"k": "QUJD"}},
          {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "\\u00e9\\ud83d\\ude00"}},
          {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
           "metadata": {"name": "listed", "creationTimestamp": "2026-01-31T12:00:00Z", "generation": 2},
           "spec": {"domain": {"cpu": {"cores": 1}, "memory": {"guest": "64Mi"},
             "devices": {"disks": [{"name": "c", "disk": {"bus": "virtio"}}]}},
             "volumes": [{"name": "c", "configMap": {"name": "c"}}]},
           "status": {"phase": "Running", "VSOCKCID": 7, "volumeStatus": [{"name": "c", "target": "vdb"}]}}
        ]}
        """
}
