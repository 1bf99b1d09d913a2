extension ICEServers {
    /// As `Link` headers say them (RFC 9725 §4.6).
    ///
    /// - Parameter host: The room's, with a port, as its own TURN server is reached by.
    package func links(host: String?) -> [String] {
        var links: [String] = []
        for server in servers {
            for url in server.urls {
                links.append(Self.link(url, username: server.username, credential: server.credential))
            }
        }
        if let own, let host {
            let authority = host.last == "]" || !host.contains(":") ? host + ":443" : host
            links.append(
                Self.link(
                    "turns:\(authority)?transport=tcp",
                    username: own.username,
                    credential: own.credential
                )
            )
        }
        return links
    }

    private static func link(_ url: String, username: String, credential: String) -> String {
        let link = "<\(url)>; rel=\"ice-server\""
        guard !url.hasPrefix("stun") else { return link }
        return link
            + "; username=\"\(quoted(username))\"; credential=\"\(quoted(credential))\"; credential-type=\"password\""
    }

    /// A quoted string's content (RFC 9110 §5.6.4).
    private static func quoted(_ text: String) -> String {
        text.reduce(into: "") { quoted, character in
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
    }
}
