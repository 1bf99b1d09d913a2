import Appliance
import Testing

@Suite struct PageBundleTests {
    private static let page = [
        "index.html": """
        <!doctype html>
        <title>Page</title>
        <link rel="stylesheet" href="one.css">
        <link rel="stylesheet" href="two.css">
        <script type="module" src="main.js"></script>
        <link rel="modulepreload" href="a.js">
        <p>Hello</p>
        """,
        "one.css": "p { color: red }", "two.css": "p { color: blue }",
        "main.js": """
        import { a, b as c } from './a.js';
        import {
            d,
        } from './b-side.js';
        a(c, d);
        """,
        "a.js": """
        import * as all from './b-side.js';
        export function a() { return all.d; }
        export const b = 1;
        """,
        "b-side.js": "export class d {}\nexport async function e() {}",
    ]

    @Test func aModuleStandsBehindTheOnesItImportsInAScopeOfItsOwn() throws {
        let bundle = try Self.bundle(Self.page)
        #expect(
            bundle.script == """
                // b-side.js
                const module$b_side_js = (() => {
                class d {}
                async function e() {}
                return { d, e };
                })();
                // a.js
                const module$a_js = (() => {
                const all = module$b_side_js;
                function a() { return all.d; }
                const b = 1;
                return { a, b };
                })();
                // main.js
                const module$main_js = (() => {
                const { a, b: c } = module$a_js;


                const { d } = module$b_side_js;
                a(c, d);
                return {  };
                })();

                """
        )
    }

    @Test func theIndexNamesOneSheetAndOneScript() throws {
        let bundle = try Self.bundle(Self.page)
        #expect(bundle.style == "p { color: red }\np { color: blue }")
        #expect(
            bundle.index == """
                <!doctype html>
                <title>Page</title>
                <link rel="stylesheet" href="page.css">
                <script type="module" src="page.js"></script>
                <p>Hello</p>
                """
        )
    }

    @Test(arguments: [
        ("main.js", "import a from './a.js';", "main.js: write an import"),
        ("main.js", "import { a } from '../a.js';", "main.js: write an import"),
        ("main.js", "import { a } from './a.js' with { type: 'json' };", "main.js: write an import"),
        ("main.js", "import { a as } from './a.js';", "main.js: write an import"),
        ("main.js", "import { 'a' as b } from './a.js';", "main.js: write an import"),
        ("main.js", "import {} from './a.js';", "main.js: write an import"),
        ("main.js", "import * as from './a.js';", "main.js: write an import"),
        ("main.js", "import { x } from './nowhere.js';", "no module nowhere.js"),
        ("a.js", "import { m } from './main.js';", "main.js → a.js → main.js"),
        ("a.js", "export let a = 1;", "a.js: write an export"),
        ("a.js", "export { a };", "a.js: write an export"),
        ("a.js", "export const { a } = {};", "a.js: write an export"),
        ("a.js", "export asyncfunction a() {}", "a.js: write an export"),
        ("a.js", "export default 1;", "a.js: write an export"),
        ("index.html", #"<link rel="stylesheet" href="three.css">"#, "no such style sheet"),
    ])
    func whatCannotBePutTogetherIsRefusedInWords(_ path: String, _ text: String, _ words: String) {
        var files = Self.page
        files[path] = text
        let problem = #expect(throws: PageBundle.Problem.self) { _ = try Self.bundle(files) }
        #expect(problem?.description.contains(words) == true, "\(String(describing: problem))")
    }

    // MARK: A folder

    private static let library = [
        "index.html": #"<script type="module" src="main.js"></script>"#,
        "main.js": "import { b } from './client/b.js';\nimport { a } from './client-a.js';\na(b);",
        "client-a.js": "export const a = 1;",
        "client/a.js": "export const a = 2;\nexport const hidden = 3;",
        "client/b.js": "import { a } from './a.js';\nexport const b = a;\nexport class c {}",
    ]

    @Test func aModuleInAFolderImportsWhatIsBesideIt() throws {
        #expect(
            try Self.bundle(Self.library).script == """
                // client/a.js
                const module$client$a_js = (() => {
                const a = 2;
                const hidden = 3;
                return { a, hidden };
                })();
                // client/b.js
                const module$client$b_js = (() => {
                const { a } = module$client$a_js;
                const b = a;
                class c {}
                return { b, c };
                })();
                // client-a.js
                const module$client_a_js = (() => {
                const a = 1;
                return { a };
                })();
                // main.js
                const module$main_js = (() => {
                const { b } = module$client$b_js;
                const { a } = module$client_a_js;
                a(b);
                return {  };
                })();

                """
        )
    }

    @Test func aModuleWithAllThatItImportsExportsWhatItDid() throws {
        let module = try PageBundle.module("client/b.js", of: Self.library)
        #expect(module.hasPrefix("// client/a.js\n"))
        #expect(!module.contains("main.js"))
        #expect(module.hasSuffix("})();\nexport const { b, c } = module$client$b_js;\n"))
    }

    @Test(arguments: [
        ("import { a } from '../client-a.js';", "client/b.js: write an import"),
        ("import { a } from './../client-a.js';", "client/b.js: write an import"),
        ("import { a } from './/client-a.js';", "client/b.js: write an import"),
        ("import { a } from './client-a.js';", "no module client/client-a.js"),
    ])
    func nothingLeadsOutOfAFolder(_ text: String, _ words: String) {
        var files = Self.library
        files["client/b.js"] = text
        let problem = #expect(throws: PageBundle.Problem.self) { _ = try Self.bundle(files) }
        #expect(problem?.description.contains(words) == true, "\(String(describing: problem))")
    }

    private static func bundle(_ files: [String: String]) throws -> PageBundle {
        try PageBundle(files, scriptPath: { _ in "page.js" }, stylePath: { _ in "page.css" })
    }
}
