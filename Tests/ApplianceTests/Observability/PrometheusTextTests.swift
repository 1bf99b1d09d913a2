import Appliance
import Testing

@Suite struct PrometheusTextTests {
    @Test func aFamilyHasItsHeadAndALineForEachSeries() {
        var text = PrometheusText()
        text.write(
            MetricFamily("room_people", .gauge, "People, by role."),
            [
                MetricSample([MetricLabel("role", "client")], .number(2)),
                MetricSample([MetricLabel("role", "observer")], .number(0.5)),
            ]
        )
        #expect(
            text.text == """
                # HELP room_people People, by role.
                # TYPE room_people gauge
                room_people{role="client"} 2
                room_people{role="observer"} 0.5

                """
        )
    }

    @Test func bucketsAreCumulativeAndEndWithAll() {
        var text = PrometheusText()
        text.write(
            MetricFamily("lag_seconds", .histogram([0.001, 0.5]), "Lag."),
            [MetricSample([MetricLabel("loop", "media")], .histogram([3, 2, 1], sum: 1.25))]
        )
        #expect(
            text.text.split(separator: "\n").dropFirst(2).map(String.init) == [
                #"lag_seconds_bucket{loop="media",le="0.001"} 3"#,
                #"lag_seconds_bucket{loop="media",le="0.5"} 5"#,
                #"lag_seconds_bucket{loop="media",le="+Inf"} 6"#,
                #"lag_seconds_sum{loop="media"} 1.25"#, #"lag_seconds_count{loop="media"} 6"#,
            ]
        )
    }

    @Test func nothingInALabelOrAHelpEndsItsLine() {
        var text = PrometheusText()
        text.write(
            MetricFamily("a_total", .counter, "One\nand \\ \"two\"."),
            [MetricSample([MetricLabel("b", "x\n\"y\"\\")], .count(.max))]
        )
        #expect(
            text.text == #"""
                # HELP a_total One\nand \\ "two".
                # TYPE a_total counter
                a_total{b="x\n\"y\"\\"} 18446744073709551615

                """#
        )
    }

    @Test func aFamilyWithoutSeriesIsNamedAllTheSame() {
        var text = PrometheusText()
        text.write(MetricFamily("a_total", .counter, "A."), [])
        #expect(text.text == "# HELP a_total A.\n# TYPE a_total counter\n")
    }
}
