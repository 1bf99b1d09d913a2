internal import Foundation
internal import Wire

/// The room's forwarding path under load, beside a peer and a floor.
@main
struct Fanout {
    static func main() {
        print(Machine.description)
        do {
            try Cases(Options(CommandLine.arguments)).run()
        } catch {
            print("fanout: \(error)")
            exit(1)
        }
    }
}

struct Options {
    /// Empty: all of them.
    var cases: [String] = []
    var seconds: Int64 = 8
    var pairs = 5
    /// Times that the viewers of the memory case come anew.
    var churns = 5
    /// How long viewers come and go in the churn case, and how often.
    var churnSeconds: Int64 = 3_600
    var joinsPerSecond: Int64 = 4
    /// Whether the largest rooms are left out, whose viewers take long to come.
    var isQuick = false
    /// A `bench-room` of an older tree, which takes turns with this one's.
    var before: String?
    var floor: String?
    var janus: String?
    var gluesPackets = true
    /// Whether viewers reach the room over IPv6.
    var usesIPv6 = false

    init(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "--quick":
                seconds = 4
                pairs = 2
                churns = 2
                churnSeconds = 30
                joinsPerSecond = 10
                isQuick = true
            case "--seconds": seconds = rest.popFirst().flatMap { Int64($0) } ?? seconds
            case "--minutes":
                churnSeconds = rest.popFirst().flatMap { Int64($0) }.map { $0 * 60 } ?? churnSeconds
            case "--pairs": pairs = rest.popFirst().flatMap { Int($0) } ?? pairs
            case "--before": before = rest.popFirst()
            case "--floor": floor = rest.popFirst()
            case "--janus": janus = rest.popFirst()
            case "--no-gro": gluesPackets = false
            case "--ipv6": usesIPv6 = true
            default: cases.append(word)
            }
        }
    }

    func wants(_ name: String) -> Bool {
        guard cases.isEmpty else { return cases.contains(name) }
        // An hour is for those who ask for it.
        return name != "churn" || isQuick
    }

    /// How many watch the desk, of the cases `desk-N`.
    var rooms: [Int] {
        guard cases.isEmpty else {
            return cases.compactMap { $0.hasPrefix("desk-") ? Int($0.dropFirst(5)) : nil }.filter { $0 > 0 }
        }
        return isQuick ? [14, 50, 200] : [14, 50, 200, 500, 1_000]
    }
}
