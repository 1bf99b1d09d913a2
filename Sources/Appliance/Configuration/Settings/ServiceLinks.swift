/// Variables that Kubernetes sets in every pod for each Service, in the name of the Service: one that is called
/// `deskroom` makes names that begin as our settings do.
enum ServiceLinks {
    /// Whether a variable is one of them: `…_SERVICE_HOST`, `…_SERVICE_PORT`, `…_SERVICE_PORT_HTTPS`, `…_PORT` and
    /// `…_PORT_8443_TCP`, alone or with `_PROTO`, `_PORT`, `_ADDR`.
    static func contain(_ variable: String, value: String) -> Bool {
        let words = variable.split(separator: "_", omittingEmptySubsequences: false)
        if let service = words.lastIndex(of: "SERVICE"), service > 0 {
            let rest = words[(service + 1)...]
            if rest == ["HOST"] || rest.first == "PORT" { return true }
        }
        if words.last == "PORT", schemes.contains(where: { value.hasPrefix($0) }) { return true }
        guard let way = words.lastIndex(where: { ["TCP", "UDP", "SCTP"].contains($0) }), way >= 2 else {
            return false
        }
        return words[way - 2] == "PORT" && Int(words[way - 1]) != nil
            && (words[(way + 1)...].isEmpty
                || [["PROTO"], ["PORT"], ["ADDR"]].contains(Array(words[(way + 1)...])))
    }

    private static let schemes = ["tcp://", "udp://", "sctp://"]
}
