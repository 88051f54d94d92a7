//! Time and memory for catalogs with many files and many cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::cargo::{cargo, root, run};

/// Returns the path of the command line. Builds it with the release profile.
fn released() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        run(cargo(&root()).args(["build", "--quiet", "--release", "-p", "waves-errors-cli"]));
        root().join("target/release/waves-errors")
    })
}

/// Returns cases with all parts of a case, numbered from `first`.
fn cases(first: usize, count: usize) -> String {
    let case = |n: usize| {
        format!(
            "[case.case-{n}]\ncode = \"CODE_{n}\"\nmatch = [{{ code = \"CODE_{n}\" }}, {{ status = 418, text = \"teapot number {n} of them\" }}]\n\
             summary = \"The `thing` number {n} went wrong.\"\nretry = \"often\"\naliases = [\"thing {n}\"]\n\
             causes = [{{ id = \"absent\", text = \"It was **not** there.\" }}, {{ id = \"twice\", text = \"It was there twice.\" }}]\n\
             fixes = [{{ text = \"Wait {{retry.initial}}, or [ask](link:help).\", for = [\"absent\"] }}, {{ text = \"Send it once.\", for = [\"twice\"] }}]\n\
             examples = [{{ status = 400, body = '{{\"code\":\"CODE_{n}\"}}' }}]\n"
        )
    };
    (first..first + count).map(case).collect()
}

const HEAD: &str = "[catalog]\nid = \"large\"\n[page]\ntitle = \"Large\"\n[wire]\ncodes = [\"/code\"]\n[links]\nhelp = \"https://help.example/\"\n\
                    [retry.often]\ninitial = \"1s\"\nmax-retries = 1\n";

fn folder(name: &str) -> PathBuf {
    let folder = root().join("target/scratch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the command line. Returns the CPU time in seconds, and the maximum memory in megabytes.
fn measured(arguments: &[&Path]) -> (f64, f64) {
    let script = "import resource, subprocess, sys\n\
                  done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n\
                  used = resource.getrusage(resource.RUSAGE_CHILDREN)\n\
                  print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)";
    let printed = run(Command::new("python3").args(["-c", script]).arg(released()).args(arguments));
    let numbers: Vec<f64> = printed.split_whitespace().map(|number| number.parse().unwrap()).collect();
    assert!(numbers[0] == 0.0, "{arguments:?} ended with {}", numbers[0]);
    (numbers[1], numbers[2])
}

#[test]
#[ignore = "takes minutes"]
fn hundred_files_form_one_catalog() {
    let folder = folder("hundred-files");
    let names: Vec<_> = (0..99).map(|n| format!("part-{n}.toml")).collect();
    for (n, name) in names.iter().enumerate() {
        let page = format!("[page]\ntitle = \"Part {n}\"\n");
        fs::write(folder.join(name), page + &cases(50 * (n + 1), 50)).unwrap();
    }
    let root_file = folder.join("root.toml");
    fs::write(&root_file, format!("schema = 1\ninclude = {names:?}\n{HEAD}{}", cases(0, 50))).unwrap();
    let (seconds, megabytes) = measured(&[Path::new("check"), Path::new("--deny"), Path::new("warnings"), &root_file]);
    println!("check of 5,000 cases in 100 files: {seconds:.2} s, {megabytes:.0} MB");
    measured(&[Path::new("doc"), Path::new("--catalog"), &root_file, Path::new("--out"), &folder.join("pages")]);
    assert_eq!(
        fs::read_dir(folder.join("pages"))
            .unwrap()
            .filter(|entry| is_markdown(&entry.as_ref().unwrap().path()))
            .count(),
        100
    );

    // `explain` finds a case of any file, and `check` reports a problem at its location in any file.
    let explained = run(Command::new(released()).args(["explain", "CODE_4999", "--catalog"]).arg(&root_file));
    assert!(explained.contains("case-4999"), "{explained}");
    let last = folder.join("part-98.toml");
    fs::write(&last, fs::read_to_string(&last).unwrap().replace("CODE_4999", "CODE_0")).unwrap();
    let output = Command::new(released()).arg("check").arg(&root_file).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        stdout.contains("part-98.toml:") && stdout.contains("root.toml:") && stdout.contains("ambiguous-match"),
        "{stdout}"
    );
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// Ten times as many cases need about ten times as much time. The limits tolerate other load on the machine.
#[test]
#[ignore = "takes minutes"]
fn time_and_memory_grow_linearly_with_cases() {
    let folder = folder("fifty-thousand");
    let file = |count: usize| {
        let file = folder.join(format!("of-{count}.toml"));
        fs::write(&file, format!("schema = 1\n{HEAD}{}", cases(0, count))).unwrap();
        file
    };
    let (small, large) = (file(5_000), file(50_000));
    // Valid catalogs, and catalogs with a problem in each case.
    let invalid = [&small, &large].map(|file| {
        let text = fs::read_to_string(file).unwrap().replace(", for = [\"twice\"]", "");
        let invalid = file.with_extension("spoilt.toml");
        fs::write(&invalid, text).unwrap();
        invalid
    });
    for (command, [small, large]) in
        [("check", [&small, &large]), ("check", invalid.each_ref()), ("doc", [&small, &large])]
    {
        let mut used = Vec::new();
        for file in [small, large] {
            let out = folder.join("out");
            let _ = fs::remove_dir_all(&out);
            let usage = if command == "check" {
                measured(&[Path::new("check"), file])
            } else {
                measured(&[Path::new("doc"), Path::new("--catalog"), file, Path::new("--out"), &out])
            };
            println!("{command} of {}: {:.2} s, {:.0} MB", file.display(), usage.0, usage.1);
            used.push(usage);
        }
        assert!(used[1].0 < 20.0 * used[0].0, "{command}: {used:?}");
        // Problems need memory as well.
        assert!(used[1].1 < if small.ends_with("of-5000.toml") { 500.0 } else { 650.0 }, "{command}: {used:?}");
    }
}
