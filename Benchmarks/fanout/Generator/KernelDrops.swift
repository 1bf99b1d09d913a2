internal import Foundation

/// Where the kernel has dropped datagrams, since the network (or the machine) was started.
struct KernelDrops {
    /// Receive buffers that were full, of any socket of this network (`RcvbufErrors`).
    var receiveBuffers = 0
    /// Send buffers that were full (`SndbufErrors`).
    var sendBuffers = 0
    /// The queue between a sender on loopback and its receiver was full (`net.core.netdev_max_backlog`), on
    /// any processor.
    var backlog = 0

    static func now() -> Self {
        var drops = KernelDrops()
        let lines = text("/proc/self/net/snmp").split(separator: "\n").filter { $0.hasPrefix("Udp:") }
        if lines.count == 2 {
            let names = lines[0].split(separator: " ")
            let values = lines[1].split(separator: " ")
            for (name, value) in zip(names, values) {
                if name == "RcvbufErrors" { drops.receiveBuffers = Int(value) ?? 0 }
                if name == "SndbufErrors" { drops.sendBuffers = Int(value) ?? 0 }
            }
        }
        for line in text("/proc/net/softnet_stat").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1 { drops.backlog += Int(words[1], radix: 16) ?? 0 }
        }
        return drops
    }

    static func - (later: Self, earlier: Self) -> Self {
        KernelDrops(
            receiveBuffers: later.receiveBuffers - earlier.receiveBuffers,
            sendBuffers: later.sendBuffers - earlier.sendBuffers,
            backlog: later.backlog - earlier.backlog
        )
    }

    var isEmpty: Bool { receiveBuffers == 0 && sendBuffers == 0 && backlog == 0 }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
