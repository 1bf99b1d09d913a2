extension SettingGroup {
    /// How browsers reach the page.
    package static let page = SettingGroup(
        title: "The page.",
        settings: [
            Setting(
                "http.host",
                .text,
                default: "127.0.0.1",
                """
                Address or name to listen on. Anything but localhost is served by HTTPS: browsers give \
                media to nothing less.
                """
            ),
            Setting(
                "http.port",
                .number,
                default: "8080",
                "TCP port; 0 lets the system choose."
            ),
            Setting(
                "http.origins",
                .list,
                """
                Further origins that pages may come from, e.g. https://rooms.example.org of a reverse \
                proxy; commas between.
                """
            ),
            Setting(
                "http.hosts",
                .list,
                """
                Further host names by which pages reach the room over plain HTTP; commas between. Known \
                are localhost, every address, the name above and those of origins and TLS. Others are \
                refused: a page of another site may have its name lead here.
                """
            ),
            Setting(
                "http.proxies",
                .list,
                """
                Addresses or networks (10.0.0.0/8) of reverse proxies, commas between: whom they name in \
                X-Forwarded-For is who asks. Without them all who come through a proxy count as one \
                address (see DESKROOM_SESSION_SHARING).
                """
            ),
            Setting(
                "http.base",
                .text,
                """
                The address by which people reach the room from outside, if it is another one than the above, perhaps \
                with a path: https://rooms.example.org/s/42/. Links are made with it, and pages that come from it are \
                admitted (docs/reach.md).
                """
            ),
            Setting(
                "http.tls",
                .choice,
                default: "auto",
                """
                auto: HTTPS on any address but localhost. off: plain HTTP, for proxies named above that speak HTTPS with \
                browsers.
                """
            ),
            Setting(
                "http.forwarded",
                .choice,
                default: "x-forwarded",
                """
                By which headers those proxies say who asks: x-forwarded (X-Forwarded-For, -Proto, -Host, -Prefix) or \
                forwarded (RFC 7239).
                """
            ),
            Setting(
                "http.proxy.protocol",
                .flag,
                default: "off",
                """
                on: each connection begins with a PROXY header, version 1 or 2, and comes from one of the proxies named \
                above.
                """
            ),
            Setting(
                "page.origins",
                .list,
                """
                Origins of other sites whose pages may use this room, e.g. https://clinic.example; commas between: they may \
                show the page in a frame, load its library from /client/ and join (docs/embedding.md). All others are refused.
                """
            ),
        ]
    )
}
