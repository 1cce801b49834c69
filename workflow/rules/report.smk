rule draw_figures:
    """Draw the figures of one language from cleared estimates: SVG, PNG and the data behind each."""
    input:
        estimates=expand("<results>/estimates/{table}.csv", table=FIGURED),
        words="workflow/report/words/{language}.yaml",
        fonts=FONTS,
    output:
        figures=directory("<results>/rendered/figures.{language}"),
        index="<results>/rendered/figures.{language}.json",
    log:
        "<results>/logs/draw_figures/{language}.log",
    params:
        tables=FIGURED,
        setting=SETTING,
        kept=keep("draw_figures", "{language}"),
        environment=checksum("requirements.lock"),
        given=given("draw_figures"),
        code=code("scripts/draw_figures.py"),
    script:
        "../../scripts/draw_figures.py"


rule write_document:
    """Write the report of one language as typed blocks: sections, tables, figures, and where each number comes from."""
    input:
        estimates=expand("<results>/estimates/{table}.csv", table=REPORTED),
        figures="<results>/rendered/figures.{language}.json",
        words="workflow/report/words/{language}.yaml",
        sections=lambda wildcards: section_files(wildcards.language),
        fonts=FONTS,
    output:
        document="<results>/rendered/document.{language}.json",
    log:
        "<results>/logs/write_document/{language}.log",
    params:
        tables=REPORTED,
        setting=SETTING,
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        kept=keep("write_document", "{language}"),
        environment=checksum("requirements.lock"),
        english=[os.path.basename(path) for path in section_files(languages.ENGLISH)],
        given=given("write_document"),
        code=code("scripts/write_document.py"),
    script:
        "../../scripts/write_document.py"


rule write_tables:
    """Write the report's tables as CSV, and describe for machines what is published and what stands behind it."""
    input:
        document=f"<results>/rendered/document.{LANGUAGES[0]}.json",
        dictionary="resources/dictionary/variables.csv",
        contracts="workflow/schemas/tables.yaml",
    output:
        tables=directory("<results>/rendered/tables"),
        index="<results>/rendered/tables.json",
        package="<results>/rendered/datapackage.json",
    log:
        "<results>/logs/write_tables.log",
    params:
        estimates=REPORTED,
        variables=STUDY.variables,
        study=package_setting(STUDY, checksums()),
        given=given("write_tables"),
        code=code("scripts/write_tables.py"),
    script:
        "../../scripts/write_tables.py"


rule render_html:
    """Render the document of one language as one self-contained page."""
    input:
        document="<results>/rendered/document.{language}.json",
        figures="<results>/rendered/figures.{language}.json",
        words="workflow/report/words/{language}.yaml",
        layouts=layout_files(),
        fonts=FONTS,
    output:
        page="<results>/rendered/report.{language}.html",
    log:
        "<results>/logs/render_html/{language}.log",
    params:
        languages=LANGUAGES,
        kept=keep("render_html", "{language}"),
        environment=checksum("requirements.lock"),
        given=given("render_html"),
        code=code("scripts/render_html.py"),
    script:
        "../../scripts/render_html.py"


rule render_pdf:
    """Typeset the document of one language as accessible PDF."""
    input:
        document="<results>/rendered/document.{language}.json",
        figures="<results>/rendered/figures.{language}.json",
        words="workflow/report/words/{language}.yaml",
        layouts=layout_files(),
        fonts=FONTS,
    output:
        pdf="<results>/rendered/report.{language}.pdf",
    log:
        "<results>/logs/render_pdf/{language}.log",
    priority: 1  # takes longer than what is rendered beside it
    params:
        environment=checksum("requirements.lock"),
        given=given("render_pdf"),
        code=code("scripts/render_pdf.py"),
    script:
        "../../scripts/render_pdf.py"


rule render_docx:
    """Write the document of one language as Word file."""
    input:
        document="<results>/rendered/document.{language}.json",
        figures="<results>/rendered/figures.{language}.json",
        words="workflow/report/words/{language}.yaml",
        layouts=layout_files(),
        fonts=FONTS,
    output:
        docx="<results>/rendered/report.{language}.docx",
    log:
        "<results>/logs/render_docx/{language}.log",
    params:
        environment=checksum("requirements.lock"),
        given=given("render_docx"),
        code=code("scripts/render_docx.py"),
    script:
        "../../scripts/render_docx.py"


rule render_tables:
    """Write the tables of one language as accessible workbook and as LaTeX, one file each."""
    input:
        document="<results>/rendered/document.{language}.json",
        words="workflow/report/words/{language}.yaml",
    output:
        workbook="<results>/rendered/tables.{language}.xlsx",
        latex=directory("<results>/rendered/latex.{language}"),
        index="<results>/rendered/latex.{language}.json",
    log:
        "<results>/logs/render_tables/{language}.log",
    params:
        environment=checksum("requirements.lock"),
        given=given("render_tables"),
        code=code("scripts/render_tables.py"),
    script:
        "../../scripts/render_tables.py"


rule write_codebook:
    """Write the codebook page of one language: the dictionary, where each wave has its variables from, the cohorts' rules."""
    input:
        dictionary="resources/dictionary/variables.csv",
        codebooks=[source.codebook for source in STUDY.waves.values()],
        layout="workflow/codebook/page.html.j2",
        words="workflow/codebook/words.yaml",
        fonts=FONTS,
    output:
        page="<results>/rendered/codebook.{language}.html",
    log:
        "<results>/logs/write_codebook/{language}.log",
    params:
        waves=list(STUDY.waves),
        variables=STUDY.variables,
        study=study_as_read(STUDY),
        given=given("write_codebook"),
        code=code("scripts/write_codebook.py"),
    script:
        "../../scripts/write_codebook.py"


rule list_outputs:
    """List every published file on one page: what it is, its checksum, the rule that made it."""
    input:
        published=rendered_files(),
        documents=expand("<results>/rendered/document.{language}.json", language=LANGUAGES),
        words=expand("workflow/report/words/{language}.yaml", language=LANGUAGES),
        layout="workflow/outputs/page.html.j2",
        style="workflow/report/style.css",
        fonts=FONTS,
    output:
        page="<results>/rendered/index.html",
    log:
        "<results>/logs/list_outputs.log",
    params:
        published=lambda wildcards, output: os.path.dirname(output.page),
        languages=LANGUAGES,
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        kept=keep("list_outputs", "fonts"),
        environment=checksum("requirements.lock"),
        given=given("list_outputs"),
        code=code("scripts/list_outputs.py"),
    script:
        "../../scripts/list_outputs.py"
