/// What happens in a room: counted at the moment when it does, by way of swift-metrics.
extension MetricFamily {
    package static let joins = Self("deskroom_joins_total", .counter, "People who came in, by role.")
    package static let departures = Self("deskroom_departures_total", .counter, "People who left, by reason.")
    package static let refusals = Self(
        "deskroom_refused_total",
        .counter,
        "People who were not let in, by the code that their page was told."
    )
    package static let leaseChanges = Self(
        "deskroom_control_lease_changes_total",
        .counter,
        "Times that control of the desk was asked for, granted, declined or ended, the latter by reason."
    )
    package static let programRestarts = Self(
        "deskroom_program_restarts_total",
        .counter,
        "Times that a program of the desk ended and was started again, by program."
    )
    package static let connectionFailures = Self(
        "deskroom_connection_failures_total",
        .counter,
        "Connections of people that did not come about, or were lost, by the last step that they had reached."
    )
    package static let loopLag = Self(
        "deskroom_event_loop_lag_seconds",
        .histogram([0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]),
        "How long a loop took to answer, by loop: measured whenever health or metrics are asked for."
    )
    package static let logLines = Self("deskroom_log_lines_total", .counter, "Lines logged, by level.")
    package static let events = Self("deskroom_events_total", .counter, "Events told, by name.")

    /// All of these.
    package static let counted = [
        joins, departures, refusals, leaseChanges, programRestarts, connectionFailures, loopLag, logLines,
        events,
    ]
}
