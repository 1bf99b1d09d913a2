internal import COpenSSL
internal import Wire

/// What the room's processes take, and how the room is.
extension MetricFamily {
    package static let processes = Self("deskroom_processes", .gauge, "Processes of the room, by kind.")
    package static let processorTime = Self(
        "deskroom_process_cpu_seconds_total",
        .counter,
        "Processor time of the room's processes, by kind."
    )
    package static let residentMemory = Self(
        "deskroom_process_resident_memory_bytes",
        .gauge,
        "Resident memory of the room's processes, shared pages counted in each, by kind."
    )
    package static let descriptors = Self(
        "deskroom_process_open_fds",
        .gauge,
        "Open descriptors of the room's processes, by kind, where they can be seen."
    )
    package static let ready = Self(
        "deskroom_ready",
        .gauge,
        "Whether somebody new can come in and see the desk, as /health/ready says."
    )
    package static let unreadyReasons = Self(
        "deskroom_unready_reason",
        .gauge,
        "Whether this is a reason for not being ready."
    )
    package static let certificateEnd = Self(
        "deskroom_certificate_expiry_timestamp_seconds",
        .gauge,
        "When the page's certificate expires; missing without one."
    )
    package static let startTime = Self(
        "deskroom_start_time_seconds",
        .gauge,
        "When the room was started."
    )
    package static let build = Self("deskroom_build_info", .gauge, "What the room is made of; always 1.")
}

extension ProcessReading {
    /// - Parameter write: Takes each family with its series.
    func write(_ write: (MetricFamily, [MetricSample]) -> Void) {
        let usage = usage().sorted { $0.key < $1.key }
        func series(_ value: (Usage) -> MetricSample.Value?) -> [MetricSample] {
            usage.compactMap { entry in
                value(entry.value).map { MetricSample([MetricLabel("kind", entry.key)], $0) }
            }
        }
        write(.processes, series { .number(Double($0.count)) })
        write(.processorTime, series { .number($0.processorTime) })
        write(.residentMemory, series { .number(Double($0.resident)) })
        write(.descriptors, series { usage in usage.descriptors.map { .number(Double($0)) } })
    }
}

extension HealthFacts {
    /// - Parameter write: Takes each family with its series.
    func write(_ write: (MetricFamily, [MetricSample]) -> Void) {
        let reasons = reasons
        write(.ready, [MetricSample(.number(reasons.isEmpty ? 1 : 0))])
        write(
            .unreadyReasons,
            HealthReason.allCases.map {
                MetricSample([MetricLabel("reason", $0.rawValue)], .number(reasons.contains($0) ? 1 : 0))
            }
        )
        write(.certificateEnd, certificate.map { [MetricSample(.number(Double($0.upperBound)))] } ?? [])
        write(.startTime, [MetricSample(.number(Double(clock - age.nanoseconds / 1_000_000_000)))])
        write(
            .build,
            [
                MetricSample(
                    [
                        MetricLabel(
                            "openssl",
                            unsafe String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
                        ),
                        MetricLabel("build", Self.build),
                    ],
                    .number(1)
                )
            ]
        )
    }

    #if DEBUG
    private static let build = "debug"
    #else
    private static let build = "release"
    #endif
}
