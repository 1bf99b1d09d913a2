internal import Foundation

/// What an address below `/whip` and `/whep` stands for.
package struct OutsidePath: Hashable, Sendable {
    package let client: OutsideClient
    /// What is behind the slash; `nil`: it is where sessions begin.
    package let session: String?
    /// What its query says, by name, the first of each.
    package let query: [String: String]

    /// - Parameter target: A request's, without the prefix; `nil` for what is none of these.
    package init?(_ target: String) {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = (halves.first ?? "").split(separator: "/", omittingEmptySubsequences: true)
        guard target.hasPrefix("/"), (1...2).contains(parts.count) else { return nil }
        switch parts[0] {
        case "whep": client = .viewer
        case "whip": client = .publisher
        default: return nil
        }
        session = parts.count > 1 ? String(parts[1]) : nil
        var query: [String: String] = [:]
        for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let value = String(sides[1]).removingPercentEncoding else { continue }
            query[String(sides[0])] = query[String(sides[0])] ?? value
        }
        self.query = query
    }

    package static func name(of client: OutsideClient) -> String { client == .viewer ? "whep" : "whip" }
}

/// The bearer of `Authorization` (RFC 6750 §2.1), whose scheme is written in whatever case.
enum BearerToken {
    static func read(_ authorization: String?) -> String? {
        let parts = authorization?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
